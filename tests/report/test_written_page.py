"""A page of people's own text with the numbers of a sweep in it."""

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.report import written_page
from bakeoff.report.written_page import write_into

PAGE = """# Which net?

<!-- bakeoff: digits -->
old numbers
<!-- end of bakeoff: digits -->

People's conclusion.

<!-- bakeoff: letters -->
other numbers
<!-- end of bakeoff: letters -->
"""


@pytest.fixture(autouse=True)
def numbers(monkeypatch):
    monkeypatch.setattr(written_page, "body", lambda sweep: f"numbers of {sweep} \\1\n")


def test_what_is_between_the_marks_is_replaced_and_all_else_stays(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(PAGE)
    write_into(page, "sweep", "digits")
    assert page.read_text() == PAGE.replace("old numbers", "numbers of sweep \\1")
    write_into(page, "sweep", "digits")  # again: the same
    assert page.read_text() == PAGE.replace("old numbers", "numbers of sweep \\1")


def test_a_page_that_does_not_exist_is_made(tmp_path):
    write_into(tmp_path / "new.md", "sweep", "digits")
    assert (tmp_path / "new.md").read_text() == (
        "# digits\n\n<!-- bakeoff: digits -->\nnumbers of sweep \\1\n<!-- end of bakeoff: digits -->\n"
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [("no marks", 0), ("<!-- bakeoff: digits -->", 0), (PAGE + PAGE, 2)],
)
def test_a_page_without_exactly_one_section_is_left_as_it_is(tmp_path, text, count):
    page = tmp_path / "page.md"
    page.write_text(text)
    with pytest.raises(BakeoffError, match=f"has {count} sections 'digits': expected one"):
        write_into(page, "sweep", "digits")
    assert page.read_text() == text


def test_a_section_that_does_not_end_does_not_swallow_the_next(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(PAGE.replace("<!-- end of bakeoff: digits -->", ""))
    with pytest.raises(BakeoffError, match="has 0 sections"):
        write_into(page, "sweep", "digits")


def test_the_name_of_a_section_is_a_name(tmp_path):
    with pytest.raises(BakeoffError, match="--section"):
        write_into(tmp_path / "page.md", "sweep", "a --> b")
