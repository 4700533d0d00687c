"""matplotlib's document becomes an element that fits into a page, and says what it shows."""

from xml.etree import ElementTree

from bakeoff.report.charts.inline_svg import inline

DOCUMENT = """<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
     width="320pt" height="180pt" viewBox="0 0 320 180" version="1.1">
 <metadata>made by somebody</metadata>
 <defs><style type="text/css">*{stroke-linejoin: round}</style></defs>
 <g id="figure_1">
  <defs><path id="dot" d="M 0.123456 -1.98765&#10;L 3 4" style="stroke: #176b8c"/></defs>
  <g id="tip-1"><use xlink:href="#dot" x="1.23456" y="2" style="fill: #123456"/></g>
  <g id="tip-0" clip-path="url(#frame)">
   <text style="font: 11px sans; font-family: 'DejaVu Sans'; fill: #1f2428" x="5">  lr=$1  </text>
  </g>
 </g>
 <defs><clipPath id="frame"><rect x="0" y="0" width="3" height="4"/></clipPath></defs>
</svg>
"""


def element(label: str = "the values", document: str = DOCUMENT) -> ElementTree.Element:
    return ElementTree.fromstring(inline(document, label, ["first & <last>", "second"]))


def ids(svg: ElementTree.Element) -> list[str]:
    return [part.attrib["id"] for part in svg.iter() if "id" in part.attrib]


def test_it_is_named_and_scales():
    svg = element('"loss" of <a>')
    assert svg.tag == "svg"
    assert svg.attrib == {
        "class": "chart",
        "role": "img",
        "aria-label": '"loss" of <a>',
        "viewBox": "0 0 320 180",
        "style": "max-width: 400px",  # a quarter larger than its natural size
    }


def test_marks_show_their_own_tips():
    titles = {
        "".join(part.itertext()).strip(): part.find("title").text
        for part in element().iter("g")
        if part.find("title") is not None
    }
    assert titles == {"second": "second", "first & <last>lr=$1": "first & <last>"}


def test_no_style_of_the_document_reaches_the_page():
    text = inline(DOCUMENT, "x", ["", ""])
    assert "<style" not in text and "metadata" not in text and "font-family" not in text
    assert "font: 11px sans; fill: var(--ink)" in text  # text stays text, in the page's font


def test_colours_of_the_palette_follow_the_page_and_others_stay():
    svg = element()
    assert svg.find(".//path").attrib["style"] == "stroke: var(--accent)"
    assert svg.find(".//use").attrib["style"] == "fill: #123456"


def test_references_hold_and_no_other_chart_has_the_same_ids():
    one, other = element("one"), element("other")
    assert len(ids(one)) == 2  # those that something refers to
    assert not set(ids(one)) & set(ids(other))
    for svg in (one, other):
        target = svg.find(".//use").attrib["href"]
        clip = next(g.attrib["clip-path"] for g in svg.iter("g") if "clip-path" in g.attrib)
        assert svg.find(".//clipPath/rect").attrib == {
            "x": "0",
            "y": "0",
            "width": "3",
            "height": "4",
        }
        assert {target.removeprefix("#"), clip[len("url(#") : -1]} == set(ids(svg))


def test_numbers_are_rounded_to_hundredths():
    svg = element()
    assert svg.find(".//path").attrib["d"] == "M 0.12 -1.99 L 3 4"
    assert svg.find(".//use").attrib["x"] == "1.23"


def test_the_same_document_gives_the_same_element():
    assert inline(DOCUMENT, "x", ["", ""]) == inline(DOCUMENT, "x", ["", ""])
