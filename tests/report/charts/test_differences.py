"""Differences stand on the side of zero that they are on, open ones filled."""

from bakeoff.report.charts.differences import Gap, draw_differences
from bakeoff.showcase.palette import PAPER

GAPS = [
    Gap("near", -0.01, (-0.03, 0.01), "-0.01", "near: -0.01", True),
    Gap("far", -0.2, (-0.25, -0.15), "-0.20", "far: -0.20", False),
]


def test_a_longer_difference_is_farther_from_zero_and_further_down(chart):
    found = chart(draw_differences(GAPS, "differences"))
    assert found.tips == ["near: -0.01", "far: -0.20"]
    (near_x, near_y), (far_x, far_y) = (found.place(tip) for tip in found.tips)
    assert far_x < near_x and near_y < far_y
    assert {"near", "far", "-0.01", "-0.20"} <= set(found.texts)


def test_what_is_not_the_best_is_hollow(chart):
    found = chart(draw_differences(GAPS, "differences"))
    paper = f"fill: {PAPER}"
    assert "var(--paper)" in found.style("far: -0.20") or paper in found.style("far: -0.20")
    assert "var(--paper)" not in found.style("near: -0.01")


def test_without_any_spread_there_is_still_a_chart(chart):
    found = chart(draw_differences([Gap("same", 0.0, (0.0, 0.0), "0", "same: 0", True)], "d", 330))
    assert found.tips == ["same: 0"]
