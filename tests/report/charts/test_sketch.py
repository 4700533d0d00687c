"""A figure in pixels, whose style ends with it."""

import matplotlib as mpl
import pytest

from bakeoff.report.charts.sketch import sketch


def test_a_point_is_a_pixel_and_the_frame_is_where_it_was_asked_for(chart):
    with sketch(200, 100, (20, 10, 180, 90)) as drawn:
        drawn.axes.set(xlim=(0, 1), ylim=(0, 1))
        for x, y in ((0, 0), (0.5, 1)):
            drawn.tip(drawn.axes.plot(x, y, "o", clip_on=False)[0], f"at {x}, {y}")
        found = chart(drawn.svg("two dots"))
    assert found.root.attrib["viewBox"] == "0 0 200 100"
    assert found.root.attrib["aria-label"] == "two dots"
    assert found.place("at 0, 0") == pytest.approx((20, 90))
    assert found.place("at 0.5, 1") == pytest.approx((100, 10))


def test_the_style_of_the_report_stays_inside():
    before = dict(mpl.rcParams)
    with sketch(20, 10, (0, 0, 20, 10)):
        assert mpl.rcParams["svg.fonttype"] == "none"
    assert dict(mpl.rcParams) == before


def test_names_are_text_and_no_formulas(chart):
    with sketch(200, 100, (0, 0, 200, 100)) as drawn:
        drawn.axes.text(0.1, 0.5, "$lr$ & 数据")  # a glyph that its own font has not
        found = chart(drawn.svg("text"))
    assert "$lr$ & 数据" in found.texts


def drawn_once() -> str:
    with sketch(200, 100, (20, 10, 180, 90)) as drawn:
        drawn.axes.plot([0, 1], [0, 1], clip_on=True)
        return drawn.svg("a line")


def test_the_same_drawing_is_the_same_text():
    assert drawn_once() == drawn_once()
