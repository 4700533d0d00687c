"""What to know before comparing the numbers of a sweep."""

from bakeoff.report.evidence import cautions, ledger_cautions
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
