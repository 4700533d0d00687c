"""The page says what is missing."""

import math
import shutil

from tests.report.localization import change
from tests.report.reader import Page, assert_sensible

from bakeoff.report.evidence import read_evidence
from bakeoff.report.page import write_report
from bakeoff.store import atomic


def test_lost_runs_stay_visible_with_their_messages(page):
    assert "Tried to allocate <2.00 GiB> & gave up" in page.text
    assert "train/loss is not finite at step 200" in page.text
    assert "All 13 runs" in page.text


def test_one_run_per_candidate_has_no_interval(sweep):
    def reduce(board):
        for row in board["candidates"]:
            row |= {"n": 1, "std": None, "ci95": None, "runs": row["runs"][:1]}
            row["tied_with_best"] = True  # as one run cannot show a difference
            row |= {"to_best": None, "verdict": "one run each: not comparable"}

    change(sweep, reduce)
    page = Page(write_report(read_evidence(sweep)))
    assert_sensible(page)
    assert "performance is 0.8310 (1 run, too few for an interval)" in page.answer
    assert "What the runs show: one run each: not comparable." in page.answer


def test_a_sweep_without_a_completed_run(sweep):
    def fail(board):
        board |= {"selected": None, "selected_run": None, "sealed_test": None}
        board["candidates"] = board["candidates"][2:]
        for row in board["candidates"]:
            row |= {"rank": None, "mean": math.nan, "std": None, "ci95": None, "n": 0}
            row |= {"runs": row["runs"][-1:], "parameters": None, "train_seconds": None}
            row["status_counts"] = {"failed": 1}

    change(sweep, fail)
    (sweep / "test_ledger.jsonl").unlink()
    page = Page(write_report(read_evidence(sweep)))
    assert_sensible(page)
    assert "No candidate is selected" in page.answer
    assert "Not one of the 2 candidates has a completed run" in page.answer
    assert "Tried to allocate" in page.text
    assert page.row("leaderboard", "lenet5/shallow")["numbers"] == []
    change(sweep, lambda board: board["candidates"].pop())
    assert (
        "The only candidate has no completed run" in Page(write_report(read_evidence(sweep))).answer
    )


def test_a_sweep_without_candidates(tmp_path):
    board = {"experiment": "e", "task": "t", "metric": "m", "direction": "min", "candidates": []}
    atomic.write_json(
        tmp_path / "leaderboard.json", board | {"selected": None, "selected_run": None}
    )
    page = Page(write_report(read_evidence(tmp_path)))
    assert_sensible(page)
    assert "The sweep has no candidates." in page.text
    assert "lower is better" in page.text


def test_what_is_missing_is_said(sweep):
    board = change(sweep, lambda board: board.update(sealed_test=None))
    damaged, gone, cut = board["candidates"][0]["runs"]
    next((sweep / damaged).glob("events.*")).write_bytes(b"damaged")
    shutil.rmtree(sweep / gone)
    events = next((sweep / cut).glob("events.*"))
    events.write_bytes(events.read_bytes()[:400])
    (sweep / "showcase" / "broken.png").write_text("no picture")
    (sweep / "showcase" / "uneven.json").write_text('{"columns": ["a", "b"], "rows": [["1"]]}')
    (sweep / "test_ledger.jsonl").write_text('{"time": "2026"\n')
    shutil.rmtree(sweep / cut / ".hydra")
    page = Page(write_report(read_evidence(sweep)))
    assert f"No learning curves could be read of run {damaged}." in page.text
    assert f"The record of run {gone} is missing or damaged" in page.text
    assert str(sweep) not in page.source
    assert f"The curves of run {cut} end at epoch" in page.text
    assert "showcase/broken.png is not a PNG picture" in page.text
    assert "showcase/uneven.json is not a table" in page.text
    assert "examples" not in page.ids
    assert "test_ledger.jsonl, line 1: damaged or edited" in page.text
    assert "has not been opened yet" in page.answer
    assert "bakeoff test outputs/localization/2026-11-03_10-00-00" in page.text


def test_no_curves_and_no_pictures(sweep):
    for path in sweep.glob("*/events.*"):
        path.unlink()
    shutil.rmtree(sweep / "showcase")
    page = Page(write_report(read_evidence(sweep)))
    assert "No learning curves were found" in page.text
    assert "showcase" not in page.ids
    assert page.row("leaderboard", "lenet5/deep")["numbers"]


def test_results_without_a_winner_say_why_in_the_first_line(sweep):
    def unfinished(board: dict) -> None:
        board.update(selected=None, selected_run=None, sealed_test=None)
        board["problems"] = ["This sweep is not finished: of 4 planned runs, 1 missing."]
        for row in board["candidates"]:
            row["rank"] = None

    change(sweep, unfinished)
    page = Page(write_report(read_evidence(sweep)))
    assert "No candidate is selected" in page.answer
    assert "This sweep is not finished: of 4 planned runs, 1 missing." in page.answer
