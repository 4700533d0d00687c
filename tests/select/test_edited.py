"""Records that were edited are told."""

import json
from pathlib import Path

import pytest

from bakeoff.select.edited import edited
from bakeoff.store.plan_file import PlanFile
from bakeoff.store.record import Metric, RunRecord


@pytest.fixture
def sweep(tmp_path: Path) -> Path:
    """A sweep of one's own with seven runs."""
    PlanFile(
        experiment="e", config_name="e", config_dir=None, search_path=[], overrides=[], jobs=[]
    ).write(tmp_path)
    for run in runs():
        run.write(tmp_path / run.id, begins=True)
    return tmp_path


def runs() -> list[RunRecord]:
    metric = Metric("accuracy", "max", 0.5, 0)
    return [RunRecord(f"r{n}", "completed", "e", "t", "c", [], n, metric) for n in range(7)]


def edit(path: Path) -> None:
    path.write_text(path.read_text().replace("0.5", "0.9"))


def test_records_as_they_were_written_need_no_word(sweep):
    runs()[0].write(sweep / "r0")  # by bakeoff, once more
    assert edited(sweep, runs()) == ""


def test_edited_records_are_named(sweep):
    edit(sweep / "r3" / "run.json")
    assert edited(sweep, runs()) == (
        "The record of run r3 was edited since, or written by another account or machine: the numbers are "
        "as they stand there."
    )
    (sweep / "r4" / ".hydra").mkdir()
    (sweep / "r4" / ".hydra" / "config.yaml").write_text("seed: 1")
    assert edited(sweep, runs()).startswith("The records of runs r3, r4 were edited since")


def test_of_many_some_are_named(sweep):
    for run in runs():
        edit(sweep / run.id / "run.json")
    assert edited(sweep, runs()).startswith(
        "The records of runs r0, r1, r2, r3, r4 and 2 more were"
    )


def test_a_sweep_of_somebody_else_is_read_as_it_is(sweep):
    plan = sweep / "plan.json"
    plan.write_text(json.dumps(json.loads(plan.read_text()) | {"experiment": "other"}))
    edit(sweep / "r3" / "run.json")
    assert edited(sweep, runs()) == ""
