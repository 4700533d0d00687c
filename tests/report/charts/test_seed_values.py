"""Every run's value in its candidate's row."""

import pytest

from bakeoff.report.charts.seed_values import Dot, Row, draw_seed_values

BEST = Row("deep", [Dot(0.8, "a"), Dot(0.9, "b")], 0.85, (0.7, 1.0), "0.85", selected=True)
OTHER = Row("shallow", [Dot(0.5, "c"), Dot(0.4, "d", completed=False)], 0.5, None, "0.50")


def test_rows_go_from_the_top_and_values_to_the_right(chart):
    found = chart(draw_seed_values([BEST, OTHER], "values"))
    places = {tip: found.place(tip) for tip in "abcd"}
    (xa, ya), (xb, yb), (xc, yc), (xd, yd) = (places[tip] for tip in "abcd")
    assert xd < xc < xa < xb
    assert xb - xa == pytest.approx(xc - xd, abs=0.05)
    assert ya == yb < yc == yd
    for row in (BEST, OTHER):
        assert {row.name, row.text} <= set(found.texts)


def test_a_run_that_did_not_complete_is_hollow(chart):
    found = chart(draw_seed_values([BEST, OTHER], "values"))
    assert "fill: var(--accent)" in found.style("a")
    assert "fill: var(--neutral)" in found.style("c")
    assert "fill: var(--paper)" in found.style("d")
    assert "stroke: var(--bad)" in found.style("d")


def test_equal_values_do_not_hide_each_other(chart):
    row = Row("same", [Dot(0.5, "one"), Dot(0.5, "two")], 0.5, (0.5, 0.5), "0.5")
    found = chart(draw_seed_values([row, OTHER], "values"))
    (x, y), (x_of_two, y_of_two) = found.place("one"), found.place("two")
    assert x == x_of_two
    assert abs(y - y_of_two) >= 6


def test_the_selected_candidate_stands_out_and_a_long_name_is_cut(chart):
    long = Row("x" * 200, [Dot(0.1, "e")], 0.1, None, "0.1")
    found = chart(draw_seed_values([BEST, long], "values"))
    assert "var(--accent)" in found.texts["deep"].attrib["style"]
    assert "font-weight: 700" in found.texts["deep"].attrib["style"]
    (name,) = (text for text in found.texts if text.startswith("xx"))
    assert len(name) == 61  # with the value, as many letters as are surely not too wide


def test_a_candidate_without_a_mean_keeps_its_dots(chart):
    row = Row("lost", [Dot(0.3, "f", completed=False)], None, None, "–")
    assert chart(draw_seed_values([row], "values")).tips == ["f"]
