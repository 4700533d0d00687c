"""What to know before comparing the numbers of a sweep."""

import json

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.report.evidence import cautions, ledger_cautions, read_evidence
from bakeoff.report.page import write_report
from bakeoff.store.record import Metric, RunRecord


def test_runs_that_do_not_compare_are_said():
    def run(**kwargs) -> RunRecord:
        given = {"status": "completed", "experiment": "e", "task": "t", "candidate": "c"}
        return RunRecord("r", overrides=[], seed=0, metric=Metric("m", "max"), **given | kwargs)

    same = {"a": run(), "b": run()}
    assert cautions(same, {"a": {}, "b": {}}) == []
    here, there = ({"environment": {"device": device}} for device in ("cpu", "cuda"))
    other = {"a": run(**here), "b": run(**there)}
    (devices,) = cautions(other, {"a": {}, "b": {}})
    assert "cpu, cuda" in devices


def test_one_opening_for_several_runs_is_one():
    board = {"sealed_test": {"m": 1.0}, "earlier_openings": []}
    both = [{"run": run, "checkpoint_sha256": "", "together": ["a", "b"]} for run in "ab"]
    assert ledger_cautions(board, {}, both) == []
    alone = {"run": "a", "checkpoint_sha256": ""}
    assert ledger_cautions(board, {}, [alone, alone, *both]) == ["The test set was opened 3 times."]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"no leaderboard.json in .*give the folder of a sweep"),
        ("{", r"leaderboard.json is damaged .*bakeoff report SWEEP"),
        ("[]", r"is not a leaderboard: expected the keys"),
        ('{"candidates": []}', r"is not a leaderboard: expected the keys"),
        ("kind", r"leaderboard.json: selected is 3, expected a text or null"),
        ("rows", r"expected candidates with the keys .*got \{'name': 'x'\}"),
    ],
)
def test_a_folder_without_a_leaderboard_is_refused(tmp_path, content, message):
    if content == "rows":
        keys = ("experiment", "task", "metric", "direction", "selected", "selected_run")
        content = json.dumps(dict.fromkeys(keys) | {"candidates": [{"name": "x"}]})
    if content == "kind":
        known = {"experiment": "e", "task": "t", "metric": "m", "direction": "max"}
        content = json.dumps(known | {"candidates": [], "selected": 3, "selected_run": None})
    if content is not None:
        (tmp_path / "leaderboard.json").write_text(content)
    with pytest.raises(BakeoffError, match=message):
        write_report(read_evidence(tmp_path))
    assert not (tmp_path / "report.html").exists()
