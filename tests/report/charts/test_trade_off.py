"""The metric against a cost: dots where they belong, names where there is room."""

import pytest

from bakeoff.report.charts.trade_off import Point, draw_trade_off


def point(name: str, x: float, y: float, **more) -> Point:
    return Point(name, x, y, more.pop("interval", None), f"tip of {name}", **more)


def drawn(points: list[Point], log=False):
    return draw_trade_off(points, "seconds of training", log, "quality against time")


def test_more_cost_is_right_and_more_of_the_metric_is_up(chart):
    svg, left_out = drawn([point("a", 10, 0.5), point("b", 20, 0.7), point("c", 30, 0.9)])
    found = chart(svg)
    (xa, ya), (xb, yb), (xc, yc) = (found.place(f"tip of {name}") for name in "abc")
    assert xb - xa == pytest.approx(xc - xb, abs=0.02)
    assert ya - yb == pytest.approx(yb - yc, abs=0.02)
    assert xa < xb and ya > yb
    assert left_out == 0
    assert {"a", "b", "c", "seconds of training"} <= set(found.texts)


def test_a_log_scale_puts_ten_times_as_far_as_another_ten_times(chart):
    svg, _ = drawn([point("a", 100, 0.5), point("b", 1000, 0.7), point("c", 10_000, 0.9)], log=True)
    xa, xb, xc = (chart(svg).place(f"tip of {name}")[0] for name in "abc")
    assert xb - xa == pytest.approx(xc - xb, abs=0.02)


def test_names_without_room_are_counted_and_the_most_important_come_first(chart):
    crowd = [point(f"candidate number {i:02}", 10 + 1e-3 * i, 0.5) for i in range(60)]
    far = [point("far", 20, 0.9)]
    svg, left_out = drawn([*crowd, *far])
    found = chart(svg)
    named = [p.name for p in crowd if p.name in found.texts]
    assert left_out == len(crowd) - len(named) > 0
    assert crowd[0].name in named
    assert "far" in found.texts
    assert len(found.tips) == 61  # the dots are all there


def test_the_selected_candidate_stands_out(chart):
    svg, _ = drawn([point("a", 10, 0.5, selected=True), point("b", 20, 0.7)])
    found = chart(svg)
    assert "fill: var(--accent)" in found.style("tip of a")
    assert "fill: var(--neutral)" in found.style("tip of b")
    assert "font-weight: 700" in found.texts["a"].attrib["style"]
    assert "font-weight: 700" not in found.texts["b"].attrib["style"]


def test_intervals_that_dwarf_the_values_do_not_set_the_scale(chart):
    wide = [point("a", 10, 0.5, interval=(-90, 90)), point("b", 20, 0.7, interval=(0.6, 0.8))]
    ya, yb = (chart(drawn(wide)[0]).place(f"tip of {name}")[1] for name in "ab")
    assert ya - yb > 80  # of 272 pixels
