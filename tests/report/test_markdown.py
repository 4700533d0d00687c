"""The tables of a sweep in Markdown."""

import json

import pytest

from bakeoff.report.evidence import read_evidence
from bakeoff.report.markdown import body, code, plain, write_markdown
from bakeoff.store.record import Metric, RunRecord

ENVIRONMENT = {
    "python": "3.11.7", "packages": {"bakeoff": "0.1.0", "torch": "2.13.0"}, "platform": "Linux-6",
    "device": "cpu", "commit": "0123456789abcdef", "dirty": True,
}  # fmt: skip


def row(name, rank, mean, runs, **more):
    return {
        "name": name, "rank": rank, "mean": mean, "std": 0.01, "ci95": [mean - 0.02, mean + 0.02],
        "n": len(runs), "runs": runs, "status_counts": {"completed": len(runs)}, "parameters": 1234,
        "train_seconds": 12.4, "seconds_per_prediction": 1e-5, "overrides": [], "tied_with_best": rank == 1,
        "verdict": "the best, at 95 %" if rank == 1 else "not the best",
    } | more  # fmt: skip


@pytest.fixture
def sweep(tmp_path):
    folder = tmp_path / "outputs" / "digits" / "2026-01-01_00-00-00"
    folder.mkdir(parents=True)
    board = {
        "experiment": "digits", "task": "classification", "metric": "accuracy", "direction": "max",
        "candidates": [row("deep", 1, 0.9, ["a", "b"]), row("flat|wide", 2, 0.8, ["c"])],
        "selected": "deep", "selected_run": "a", "selected_by": "the best mean",
        "sealed_test": {"accuracy": 0.89, "loss": 0.3},
        "sealed_test_ci95": {"accuracy": [0.87, 0.91]}, "sealed_test_gap": "0.01 worse than validation",
    }  # fmt: skip
    (folder / "leaderboard.json").write_text(json.dumps(board))
    for run, value in (("a", 0.91), ("b", 0.89), ("c", 0.8)):
        metric = Metric("accuracy", "max", value, 1)
        RunRecord(
            run, "completed", "digits", "classification", "c", [], 0, metric,
            metrics={"accuracy": value, "macro_f1": value - 0.1, "loss": 0.2}, environment=ENVIRONMENT,
        ).write(folder / run)  # fmt: skip
    return folder


def test_the_table_has_a_line_for_each_candidate_best_first(sweep):
    lines = [line for line in body(read_evidence(sweep)).splitlines() if line.startswith("| ")]
    assert lines[0].split(" | ")[1:6] == ["candidate", "accuracy", "95 % interval", "n", "macro_f1"]
    assert lines[1] == (
        "| 1 | `deep` | 0.9000 ± 0.0100 | 0.8800 to 0.9200 | 2 | 0.8000 | 1,234 | 12 |"
    )
    assert lines[2].startswith(r"| 2 | `flat\|wide` | 0.8000")


def test_where_nothing_is_claimed_one_empty_line_parts_the_table_from_the_test(sweep):
    path = sweep / "leaderboard.json"
    board = json.loads(path.read_text())
    alone = [row("deep", 1, 0.9, ["a", "b"], verdict="nothing to compare with")]
    path.write_text(json.dumps(board | {"candidates": alone, "sealed_test": None}))
    assert "| 12 |\n\nThe test set is closed." in body(read_evidence(sweep))


def test_the_command_the_claims_the_test_and_the_machine_are_beside_it(sweep):
    text = body(read_evidence(sweep))
    assert text.startswith("```\nbakeoff run digits\n```")
    assert "the best, at 95 %: `deep`" in text
    assert "| accuracy | **0.8900** | 0.8700 to 0.9100 |" in text
    assert "| loss |" not in text
    assert "The test result is 0.01 worse than validation." in text
    assert (
        "Trained on cpu, Linux-6, Python 3.11.7, bakeoff 0.1.0, torch 2.13.0, commit 0123456789 with "
        "changes." in text
    )


def test_a_sweep_without_a_winner_says_so_and_has_no_test_table(sweep):
    path = sweep / "leaderboard.json"
    board = json.loads(path.read_text()) | {
        "problems": ["This sweep is not finished: 1 missing"], "selected": None, "selected_run": None,
        "sealed_test": None,
    }  # fmt: skip
    path.write_text(json.dumps(board))
    text = body(read_evidence(sweep))
    assert "**No winner:** This sweep is not finished: 1 missing" in text
    assert "The test set is closed." in text


@pytest.mark.parametrize("key", ["mixed", "after_opening", "part", "edited"])
def test_what_keeps_the_numbers_from_being_what_they_look_like_is_said(sweep, key):
    path, said = sweep / "leaderboard.json", "acme.net changed between the runs."
    board = json.loads(path.read_text()) | {key: [said] if key == "mixed" else said}
    path.write_text(json.dumps(board))
    text = body(read_evidence(sweep))
    assert 0 < text.index(said) < text.index("Test set")


def test_the_file_has_the_experiments_name_as_its_heading(sweep):
    assert write_markdown(read_evidence(sweep)).read_text().startswith("# digits\n\n```")


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("a|b", r"`a\|b`"),
        ("a`b", "``a`b``"),
        ("`", "`` ` ``"),
        ("two\nlines\x1b[31m", "`two lines [31m`"),
    ],
)
def test_no_name_breaks_out_of_its_cell(name, cell):
    assert code(name) == cell


def test_sentences_hold_text_and_code_only():
    assert plain("<script> *x* `a*b`") == r"\<script\> \*x\* `a*b`"


def test_an_earlier_opening_is_said_once(sweep):
    path = sweep / "leaderboard.json"
    opening = {"sweep": "other/1", "time": "2026-11-01T08:00:00+00:00", "run": "r"}
    path.write_text(json.dumps(json.loads(path.read_text()) | {"earlier_openings": [opening]}))
    assert body(read_evidence(sweep)).count("other/1") == 1
