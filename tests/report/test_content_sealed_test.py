"""What the page says of the test set."""

import json

import pytest
from tests.report.localization import change
from tests.report.reader import Page, assert_sensible

from bakeoff.report.evidence import read_evidence
from bakeoff.report.page import write_report
from bakeoff.select import ledger


def test_the_sealed_test_stands_beside_the_selected_runs_validation(page):
    assert page.row("test", "accuracy")["numbers"] == [pytest.approx(0.8351 + 0.08), 0.9121]


def test_whether_the_test_result_beats_the_best_baseline_is_said(sweep):
    path = sweep / "leaderboard.json"
    board = json.loads(path.read_text())
    said = "the best baseline, knn, reaches 0.7 on the same test data: the selected run is better"
    board["sealed_test_baseline"] = {"name": "knn", "said": said, "difference_ci95": [0.1, 0.2]}
    path.write_text(json.dumps(board))
    made = Page(write_report(read_evidence(sweep)))
    assert "The best baseline, knn, reaches 0.7 on the same test data" in made.answer
    assert "The interval is over the same resamples for both." in made.text


def test_the_test_result_has_its_interval_and_the_gap_is_in_words(sweep):
    def opened(board):
        board["sealed_test_ci95"] = {"performance": [0.81, 0.84], "accuracy": None}
        board["sealed_test_units"] = "1,000 images"
        board["sealed_test_gap"] = "0.0063 worse than this run's validation result 0.8351"
        board["sealed_test_against"] = [
            {
                "run": "x",
                "candidate": "lenet5/standard",
                "value": 0.82,
                "difference": 0.0088,
                "ci95": [0.001, 0.016],
            }
        ]

    change(sweep, opened)
    page = Page(write_report(read_evidence(sweep)))
    assert_sensible(page)
    assert (
        "it reaches 0.8288 (95 % interval 0.8100 to 0.8400, over 1,000 images), 0.0063 worse than"
        in (page.answer)
    )
    assert page.row("test", "performance")["numbers"] == [0.8351, 0.8288, 0.81, 0.84]
    assert "lenet5/standard reaches 0.82 on the same data" in page.text


def test_a_test_of_other_weights_is_said(sweep):
    entry = {"run": "02f3a9c2", "checkpoint_sha256": "cd" * 32, "test_fingerprint": "t"}
    ledger.enter(sweep, ledger.OPENING, entry)
    text = Page(write_report(read_evidence(sweep))).text
    assert "The test set was opened 2 times." in text
    assert "another checkpoint than run 02f3a9c2 now has" in text


def test_openings_of_the_same_data_by_other_sweeps_are_said_first(sweep):
    opening = {"sweep": "other/2026-11-01", "time": "2026-11-01T08:00:00+00:00", "run": "r"}
    change(sweep, lambda board: board.update(earlier_openings=[opening]))
    said = (
        "The test set was opened before: the same test data, once: other/2026-11-01 (2026-11-01)."
    )
    assert said in Page(write_report(read_evidence(sweep))).text
