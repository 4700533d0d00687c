"""An SVG element that fits into a page, says what it shows, and keeps marks in their frame."""

import pytest

from bakeoff.report.charts.axis import Axis
from bakeoff.report.charts.sketch import Sketch
from bakeoff.showcase.palette import ACCENT, INK, MUTED

FRAME = (20, 10, 180, 90)


def empty() -> Sketch:
    return Sketch(200, 100, FRAME)


def test_it_is_named_and_scales(chart):
    found = chart(empty().svg('"loss" of <a>'))
    assert found.root.attrib == {
        "class": "chart",
        "role": "img",
        "aria-label": '"loss" of <a>',
        "viewBox": "0 0 200 100",
        "style": "max-width: 250px",  # a quarter larger than its natural size
    }


def test_marks_are_where_they_were_asked_for_and_show_their_own_tips(chart):
    drawn = empty()
    drawn.dot((30.126, 40), 6, ACCENT, INK, 1, tip="first & <last>")
    drawn.line([(31, 42), (53.456, 64)], ACCENT, 2, opacity=0.5, dashes="3 2", tip="second")
    drawn.line([(65, 66), (67, 68)], "#123456", 1)
    found = chart(drawn.svg("two"))
    assert found.tips == ["first & <last>", "second"]
    assert found.place("first & <last>") == (30.13, 40)
    assert found.marks["first & <last>"].attrib["r"] == "3.0"
    assert found.style("first & <last>") == (
        "fill: var(--accent); stroke: var(--ink); stroke-width: 1"
    )
    assert found.marks["second"].attrib["d"] == "M 31.00 42.00 L 53.46 64.00"
    assert found.style("second") == (
        "fill: none; stroke: var(--accent); stroke-width: 2; stroke-opacity: 0.5; "
        "stroke-dasharray: 3 2"
    )
    assert "stroke: #123456" in drawn.svg("a colour that is none of the page's")


def test_marks_end_at_the_frame_and_texts_do_not(chart):
    drawn = empty()
    drawn.line([(-500, 50), (500, 50)], ACCENT, 2, tip="long")
    drawn.line([(0, 5), (200, 5)], ACCENT, 2, tip="above")
    drawn.line([(30, 20), (30, 0), (40, 0), (40, 20)], ACCENT, 2, tip="in two parts")
    drawn.dot((190, 50), 6, ACCENT, tip="a dot outside")
    drawn.text((190, 50), "beside")
    found = chart(drawn.svg("lines"))
    assert found.tips == ["long", "in two parts"]
    assert found.marks["long"].attrib["d"] == "M 20.00 50.00 L 180.00 50.00"
    assert found.marks["in two parts"].attrib["d"] == (
        "M 30.00 20.00 L 30.00 10.00 M 40.00 10.00 L 40.00 20.00"
    )
    assert "beside" in found.texts


def test_names_are_text_and_no_markup(chart):
    drawn = empty()
    drawn.text((20, 50), "<b>$lr$ & 数据</b>", MUTED, "end", bold=True)
    found = chart(drawn.svg("text"))
    style = found.texts["<b>$lr$ & 数据</b>"].attrib["style"]
    assert style == "font-weight: 700; font-size: 11px; text-anchor: end; fill: var(--muted)"


def test_scales_have_their_ticks_where_the_values_are(chart):
    drawn = empty()
    drawn.scale_below(Axis((0, 4), (20, 180)), [(1, "one"), (4, "four")], label="epoch")
    drawn.scale_left(Axis((0, 1), (90, 10)), [(0.25, "a quarter")])
    found = chart(drawn.svg("scales"))
    across = {text: float(found.texts[text].attrib["x"]) for text in ("one", "four", "epoch")}
    assert across == {"one": 60, "four": 180, "epoch": 100}
    ways = [path.attrib["d"] for path in found.root.findall("path")]
    assert {"M 60.00 90.00 L 60.00 10.00", "M 20.00 70.00 L 180.00 70.00"} <= set(ways)
    # The middle of a text is above its baseline.
    assert float(found.texts["a quarter"].attrib["y"]) == pytest.approx(70, abs=5)


def test_a_scale_without_a_grid_has_its_floor_alone(chart):
    drawn = empty()
    drawn.scale_below(Axis((0, 4), (20, 180)), [(1, "one")], grid=False)
    paths = chart(drawn.svg("scale")).root.findall("path")
    assert [path.attrib["d"] for path in paths] == ["M 20.00 90.00 L 180.00 90.00"]
