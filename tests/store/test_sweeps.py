"""What lies under outputs/, told by its files."""

import json
from datetime import datetime

import pytest

from bakeoff.store import sweeps
from bakeoff.store.plan_file import PlanFile, PlannedJob
from bakeoff.store.record import Metric, RunRecord


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Makes a sweep of two planned runs, `made("exp/name", statuses)`, under outputs/."""
    monkeypatch.chdir(tmp_path)

    def make(name, statuses=("completed", "failed"), board=None):
        folder = tmp_path / "outputs" / name
        jobs = [PlannedJob(number=n, id=f"r{n}", candidate="c", candidate_id="i", seed=n, overrides=[],
                           config="") for n in range(2)]  # fmt: skip
        folder.mkdir(parents=True)
        PlanFile(
            experiment="e",
            config_name="e",
            config_dir=None,
            search_path=[],
            overrides=[],
            jobs=jobs,
        ).write(folder)
        for job, status in zip(jobs, statuses, strict=False):
            (folder / job.id).mkdir()
            RunRecord(job.id, status, "e", "t", "c", [], 0, Metric("m", "max")).write(
                folder / job.id
            )
        if board is not None:
            (folder / "leaderboard.json").write_text(json.dumps(board))
        return folder

    return make


BOARD = {
    "selected": "a",
    "metric": "m",
    "sealed_test": {"m": 1},
    "candidates": [{"name": "a", "mean": 0.5}, {"name": "b", "mean": 0.4}],
}


def test_a_sweep_is_told_by_its_plan_its_records_and_its_leaderboard(made):
    sweep = sweeps.read(made("e/2026-11-25_05-58-26-2", board=BOARD))
    assert (sweep.planned, dict(sweep.statuses)) == (2, {"completed": 1, "failed": 1})
    assert (sweep.winner, sweep.metric, sweep.value, sweep.is_tested) == ("a", "m", 0.5, True)
    assert (sweep.name, sweep.date) == (
        "e/2026-11-25_05-58-26-2",
        datetime(2026, 11, 25, 5, 58, 26),
    )
    assert sweep.octets > 0 and not sweep.is_damaged


def test_a_finalists_value_is_that_of_its_fresh_runs(made):
    rows = [{"name": "a", "mean": 0.5, "fresh": {"mean": 0.3}}]
    sweep = sweeps.read(made("e/2026", board=BOARD | {"candidates": rows}))
    assert (sweep.winner, sweep.value) == ("a", 0.3)


def test_an_unfinished_sweep_has_no_winner(made):
    sweep = sweeps.read(made("e/mine", statuses=("completed",)))
    assert (sweep.planned, dict(sweep.statuses), sweep.winner) == (2, {"completed": 1}, None)


def test_a_single_run_is_its_own_winner(made):
    run = made("e/x") / "r0"
    sweep = sweeps.read(run)
    assert (sweep.planned, sweep.winner, sweep.value) == (1, "c", None)


@pytest.mark.parametrize("file", ["plan.json", "leaderboard.json", "r0/run.json"])
@pytest.mark.parametrize("content", ["{", "[]", "null", '{"candidates": 3}'])
def test_a_damaged_file_is_noticed(made, file, content):
    folder = made("e/x", board=BOARD)
    (folder / file).write_text(content)
    assert sweeps.read(folder).is_damaged


def test_sweeps_are_found_by_experiment_the_newest_first(made, tmp_path):
    folders = [made(name) for name in ("b/2", "a/1", "b/3")]
    (tmp_path / "outputs" / "b" / "latest").symlink_to("3")
    (tmp_path / "outputs" / "c").symlink_to(tmp_path / "outputs" / "b")
    (tmp_path / "outputs" / "data" / "cache").mkdir(parents=True)
    (tmp_path / "outputs" / "data" / "file").write_text("")
    assert [f.resolve() for f in sweeps.sweep_folders()] == [folders[1], folders[2], folders[0]]
