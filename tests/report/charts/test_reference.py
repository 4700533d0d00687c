"""A line across a chart, where it belongs."""

import pytest

from bakeoff.report.charts.reference import Reference, in_reach
from bakeoff.report.charts.seed_values import Dot, Row, draw_seed_values
from bakeoff.report.charts.trade_off import Point, draw_trade_off

ROWS = [Row("a", [Dot(0.8, "low"), Dot(0.9, "high")], 0.85, None, "0.85")]
POINTS = [Point("a", 1, 0.8, None, "low"), Point("b", 2, 0.9, None, "high")]


def rules(found, axis):
    """Where dashed lines across a chart are: `axis` 0 for upright lines, 1 for level ones."""
    ends = [
        [float(word) for word in path.attrib["d"].split() if word not in "ML"]
        for path in found.root.iter("path")
        if "stroke-dasharray: 4" in path.attrib.get("style", "")
    ]
    return [line[axis] for line in ends if line[axis] == line[axis + 2]]


def test_a_line_lies_between_the_values_that_it_lies_between(chart):
    found = chart(draw_seed_values(ROWS, "values", reference=Reference(0.85, "baseline knn 0.85")))
    (x,) = rules(found, 0)
    assert x == pytest.approx((found.place("low")[0] + found.place("high")[0]) / 2, abs=0.1)
    assert "baseline knn 0.85" in found.texts
    svg, _ = draw_trade_off(POINTS, "cost", False, "title", Reference(0.85, "baseline knn 0.85"))
    found = chart(svg)
    (y,) = rules(found, 1)
    assert y == pytest.approx((found.place("low")[1] + found.place("high")[1]) / 2, abs=0.1)


@pytest.mark.parametrize(("value", "text"), [(0.1, "← floor"), (9.0, "floor →")])
def test_one_far_away_is_named_at_its_side_and_does_not_dwarf_the_values(chart, value, text):
    near = chart(draw_seed_values(ROWS, "values"))
    found = chart(draw_seed_values(ROWS, "values", reference=Reference(value, "floor")))
    assert rules(found, 0) == [] and text in found.texts
    assert found.place("low")[0] == near.place("low")[0]
    svg, _ = draw_trade_off(POINTS, "cost", False, "title", Reference(value, "floor"))
    assert text.replace("←", "↓").replace("→", "↑") in chart(svg).texts


def test_a_line_in_reach_widens_the_axis():
    assert in_reach(Reference(0.75, ""), [0.8, 0.9]) == [0.75]
    assert in_reach(Reference(0.65, ""), [0.8, 0.9]) == []
    assert in_reach(Reference(0.52, ""), [0.5]) == [0.52]
    assert in_reach(None, [0.5]) == []


def test_the_name_of_a_line_hides_no_point(chart):
    near = [
        *POINTS,
        Point("c", 1.9, 0.851, None, "near the line"),
        Point("d", 1.8, 0.845, None, "d"),
    ]
    texts = []
    for points in (POINTS, near):
        svg, _ = draw_trade_off(points, "cost", False, "title", Reference(0.85, "baseline knn"))
        texts.append(chart(svg).texts["baseline knn"].attrib["style"])
    assert "text-anchor: end" in texts[0] and "text-anchor: end" not in texts[1]
