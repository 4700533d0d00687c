"""The page of several sweeps."""

import re

import pytest
from tests.report.reader import Page
from tests.report.test_comparison import sweep  # noqa: F401 (a fixture)

from bakeoff.errors import BakeoffError
from bakeoff.report.comparison import read_sweeps
from bakeoff.report.comparison_page import write_comparison


@pytest.fixture
def written(sweep, tmp_path):  # noqa: F811
    def write(*sweeps, name="compare.html"):
        path = tmp_path / name
        write_comparison(path, read_sweeps([sweep(*one[:2], **one[2]) for one in sweeps]))
        return Page(path)

    return write


def tables(page) -> list[list[str]]:
    """The words of the rows of each table, without its head."""
    found = []
    for table in re.findall(r"<tbody>(.*?)</tbody>", page.source, re.DOTALL):
        rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
        found.append([" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in rows])
    return found


def test_sweeps_on_the_same_data_stand_in_one_table_in_the_order_given(written):
    page = written(("a", {"deep": 0.8, "flat": 0.7}, {}), ("b", {"wide": 0.95, "deep": 0.8}, {}))
    selected, both = tables(page)
    assert [row.split()[:3] for row in selected] == [
        ["digits/", "a", "deep"],
        ["digits/", "b", "wide"],
    ]
    assert "0.8000 0.7800 to 0.8200 1 2 – 0.5000 0.4000 to 0.6000" in selected[0]
    assert both == ["deep 0.8000 1 run 0.8000 1 run equal on 1 common seed"]
    assert "the sweeps are not ranked" in page.text
    assert "Choosing between them by the test results is a selection on test data" in page.text
    assert page.source.count("<svg") == 2  # one for a phone


def test_other_data_stand_apart_and_share_no_table_and_no_chart(written):
    page = written(("a", {"deep": 0.9}, {}), ("b", {"deep": 0.8}, {"data": "d1"}))
    first, second = tables(page)
    assert (len(first), len(second)) == (1, 1)
    assert "digits/ a" in first[0] and "digits/ b" in second[0]
    assert "NOT THE SAME DATA" in page.text and "their numbers do not compare" in page.text
    assert page.source.count("<svg") == 4


def test_it_is_locked_and_loads_nothing(written):
    page = written(("a", {"<b>deep": 0.9}, {}), ("b", {"flat": 0.8}, {}))
    assert "default-src 'none'" in page.source and "script" not in page.tags
    assert not re.search(r"https?:|@import", page.source)
    assert "&lt;b&gt;deep" in page.source and "<b>deep" not in page.source


def test_only_a_comparison_is_written_over(written, tmp_path):
    sweeps = ("a", {"deep": 0.9}, {}), ("b", {"deep": 0.8}, {})
    written(*sweeps)
    other = tmp_path / "thesis.html"
    other.write_text("mine")
    path = tmp_path / "compare.html"
    again = read_sweeps([tmp_path / "outputs" / "digits" / name for name in "ab"])
    write_comparison(path, again)
    with pytest.raises(BakeoffError, match="is no comparison that bakeoff wrote"):
        write_comparison(other, again)
    assert other.read_text() == "mine"
    with pytest.raises(BakeoffError, match="give the name of a file"):
        write_comparison(tmp_path, again)


def test_a_sweep_without_a_winner_says_so(written):
    lost = {"selected": None, "selected_run": None, "sealed_test": None, "problems": ["not done"]}
    page = written(("a", {"deep": 0.9}, {}), ("b", {"deep": 0.8}, lost))
    assert "no winner" in tables(page)[0][1] and "digits/b: not done" in page.text
