"""The leaderboard, against hand-worked numbers and SciPy."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bakeoff.errors import BakeoffError
from bakeoff.select.leaderboard import interval, select, tied
from bakeoff.store.record import Metric, RunRecord


def run(candidate: str, seed: int, value: float | None, status="completed", direction="max"):
    return RunRecord(
        id=f"{candidate}-{seed}",
        status=status,
        experiment="e",
        task="t",
        candidate=candidate,
        overrides=[f"model={candidate}", f"seed={seed}"],
        seed=seed,
        metric=Metric("score", direction, value, 3),
        parameters=10,
        train_seconds=2.0 + seed,
    )


def test_mean_deviation_and_interval_by_hand():
    # 1, 2, 3: mean 2, sample deviation 1, standard error 1/sqrt(3), t(.975, 2) = 4.302653
    board = select([run("a", seed, value) for seed, value in enumerate([1.0, 2.0, 3.0])])
    row = board.candidates[0]
    assert (row.mean, row.std, row.n, row.rank) == (2.0, 1.0, 3, 1)
    assert row.ci95 == pytest.approx((2 - 4.302653 / 3**0.5, 2 + 4.302653 / 3**0.5), abs=1e-6)
    assert row.train_seconds == 3.0
    assert row.overrides == ["model=a"]


def test_times_of_predictions_are_averaged_where_they_are_known():
    runs = [run("a", seed, 0.5) for seed in range(3)]
    runs[0].seconds_per_prediction, runs[2].seconds_per_prediction = 1e-6, 3e-6
    assert select(runs).candidates[0].seconds_per_prediction == pytest.approx(2e-6)
    assert select(runs[1:2]).candidates[0].seconds_per_prediction is None


@given(st.lists(st.floats(0, 1), min_size=2, max_size=9).filter(lambda v: np.std(v) > 1e-6))
def test_interval_is_scipys(values):
    reference = stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values))
    assert interval(values) == pytest.approx(reference)


@pytest.mark.parametrize(("direction", "best"), [("max", "high"), ("min", "low")])
def test_the_direction_decides_which_mean_is_best(direction, best):
    runs = [
        run(name, seed, base + seed / 100, direction=direction)
        for name, base in (("low", 0.1), ("high", 0.9))
        for seed in range(3)
    ]
    board = select(runs)
    assert board.selected == best
    values = {r.id: r.metric.value for r in runs if r.candidate == best}
    extreme = max if direction == "max" else min
    assert board.selected_run == extreme(values, key=values.get)


def test_one_lucky_seed_does_not_win():
    board = select(
        [run("lucky", 0, 0.99), run("lucky", 1, 0.1), run("solid", 0, 0.7), run("solid", 1, 0.7)]
    )
    assert [row.name for row in board.candidates] == ["solid", "lucky"]


def test_a_candidate_with_a_lost_replicate_ranks_behind_complete_ones_and_keeps_its_status():
    runs = [
        run("unstable", 0, 0.9),
        run("unstable", 1, None, "diverged"),
        run("dead", 0, None, "failed"),
        run("plain", 0, 0.5),
        run("plain", 1, 0.6),
    ]
    board = select(runs)
    assert [(row.name, row.rank) for row in board.candidates] == [
        ("plain", 1),
        ("unstable", 2),
        ("dead", None),
    ]
    assert board.candidates[1].status_counts == {"completed": 1, "diverged": 1}
    assert board.candidates[2].mean is None


def test_nothing_completed_selects_nothing():
    board = select([run("a", 0, None, "failed")])
    assert (board.selected, board.selected_run) == (None, None)


@given(
    st.lists(st.floats(0, 1), min_size=2, max_size=5).filter(lambda v: np.std(v) > 1e-3),
    st.lists(st.floats(0, 1), min_size=2, max_size=5).filter(lambda v: np.std(v) > 1e-3),
)
def test_tied_is_welchs_test(values, best):
    reference = stats.ttest_ind(values, best, equal_var=False).pvalue
    assert tied(values, best) == (reference > 0.05)


def test_equal_means_are_tied_and_distant_ones_are_not():
    near, far = [0.80, 0.82, 0.81], [0.20, 0.21, 0.22]
    assert tied(near, [0.81, 0.80, 0.83])
    assert not tied(far, near)
    assert tied(near, [0.9])  # one seed shows no difference
    assert not tied([], near)
    assert tied([0.5, 0.5], [0.5, 0.5])
    assert not tied([0.5, 0.5], [0.6, 0.6])


def test_seed_zero_is_a_seed():
    board = select([run("a", 0, 0.5), run("a", 1, 0.5)])
    assert board.selected_run == "a-0"


def test_runs_of_different_metrics_are_not_compared():
    other = run("b", 0, 1.0)
    other.metric.name = "loss"
    with pytest.raises(BakeoffError, match="cannot be compared"):
        select([run("a", 0, 1.0), other])


def test_no_records_is_said():
    with pytest.raises(BakeoffError, match="no run records"):
        select([])


def test_both_files_say_the_same(tmp_path: Path):
    board = select([run("a", 0, 0.5), run("a", 1, 0.7), run("b", 0, None, "failed")])
    board.write(tmp_path)
    content = json.loads((tmp_path / "leaderboard.json").read_text())
    assert list(content) == [
        "experiment", "task", "metric", "direction", "candidates", "selected", "selected_run",
        "sealed_test",
    ]  # fmt: skip
    with (tmp_path / "leaderboard.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == [row["name"] for row in content["candidates"]]
    assert float(rows[0]["mean"]) == content["candidates"][0]["mean"] == pytest.approx(0.6)
    assert float(rows[0]["ci95_low"]) == content["candidates"][0]["ci95"][0]
    assert rows[1]["mean"] == "" and rows[1]["status_counts"] == "failed=1"
