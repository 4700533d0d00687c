"""The page is one file: it loads nothing, and runs nothing but its own script."""

import base64
import hashlib
import json
import re

from tests.report.localization import change, spread_out
from tests.report.reader import Page, assert_sensible

from bakeoff.report.evidence import read_evidence
from bakeoff.report.page import write_report


def test_the_page_loads_nothing(page):
    assert_sensible(page)
    assert "script" not in page.tags and "script-src" not in page.source
    assert "default-src 'none'" in page.source
    assert not re.search(r"https?:|@import", page.source)


def test_pictures_are_in_the_page(page):
    assert page.pictures == ["Validation: samples", "Validation: worst mistakes"]
    assert sum(link.startswith("data:image/png;base64,") for link in page.links) == 2


def test_the_same_files_give_the_same_report(whole, page):
    assert write_report(read_evidence(whole[0])).read_text(encoding="utf-8") == page.source


def test_text_of_others_is_only_text(sweep):
    evil = '<script>alert(\'1\')</script> & "x" $\\frac$ 数据\x00\udce9 --> id="answer"'

    def rename(board):
        board["candidates"][0]["name"] = board["selected"] = evil
        board["experiment"] = board["task"] = board["metric"] = evil
        board["candidates"][1]["overrides"] = [evil]

    board = change(sweep, rename)
    path = sweep / board["candidates"][3]["runs"][-1] / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"error": f"{evil} \udce9"}))
    page = Page(write_report(read_evidence(sweep)))
    assert_sensible(page)
    assert "<script>alert('1')</script> & \"x\" $\\frac$ 数据" in page.text
    assert page.ids.count("answer") == 1


def test_many_candidates_can_be_sorted_by_the_pages_own_script_alone(sweep):
    """The policy lets run what has the hash of the script, and nothing else."""
    change(sweep, spread_out)
    made = Page(write_report(read_evidence(sweep)))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', made.source)[1]
    (script,) = re.findall(r"<script>(.*?)</script>", made.source, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy == (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'"
    )
    assert made.source.count("data-sortable") == 4  # in the script too
    assert 'data-sort="161343"' in made.source  # the parameters, shown as 161,343
