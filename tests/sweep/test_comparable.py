"""What is added to a sweep is evaluated on its data."""

from dataclasses import replace

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.store.record import Metric, RunRecord
from bakeoff.sweep.comparable import refuse_other_data
from bakeoff.sweep.plan import plan

SMALL = ["data.sizes={train: 8, val: 4, test: 4}", "data_dir=data"]


def jobs(*overrides):
    return plan("config", [*SMALL, *overrides], multirun=True).jobs


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A run that was evaluated on the data of `SMALL`."""
    monkeypatch.chdir(tmp_path)
    from bakeoff.run.parts.build import set_up_data

    data = set_up_data(jobs()[0].config)
    metric = Metric("m", "max")
    return RunRecord(
        "x", "completed", "e", "t", "c", [], 0, metric, data_fingerprint=data.fingerprint
    )


def refused(added, run) -> bool:
    try:
        refuse_other_data(added, [run])
    except BakeoffError:
        return True
    return False


def test_the_same_data_in_other_batches_compare(run):
    assert not refused(jobs("data.batch_size=2,4", "seed=5"), run)


def test_other_data_are_refused_by_job_and_fingerprint(run):
    with pytest.raises(BakeoffError, match=rf"seed=1.*than the runs .*{run.data_fingerprint[:12]}"):
        refuse_other_data(jobs("data.sizes.val=5", "seed=1"), [run])


def test_other_folds_are_other_data_by_intent(run):
    others = jobs("data.sizes.val=5")
    assert refused(others, run)
    run.overrides = ["data.fold=0"]
    assert not refused(others, run)


def test_runs_on_different_data_already_take_no_more(run):
    other = replace(run, id="y", data_fingerprint="f" * 64)
    with pytest.raises(BakeoffError, match=rf"already .*{run.data_fingerprint[:12]}, f{{12}}\)"):
        refuse_other_data(jobs("seed=1"), [run, other])


def test_a_run_that_did_not_complete_has_no_say(run):
    lost = replace(run, id="y", status="failed", data_fingerprint="f" * 64)
    refuse_other_data(jobs("seed=1"), [run, lost])
    run.status = "failed"
    assert not refused(jobs("data.sizes.val=5"), run)


def test_without_a_run_that_has_seen_its_data_nothing_is_compared(run):
    others = jobs("data.sizes.val=5")
    assert refused(others, run)
    run.data_fingerprint = None
    assert not refused(others, run)
