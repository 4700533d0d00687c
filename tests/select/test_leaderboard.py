"""The leaderboard, against hand-worked numbers and SciPy."""

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.select.leaderboard import select
from bakeoff.store.record import Metric, RunRecord
from bakeoff.sweep.selection import Selection


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


def seeds(candidate: str, *values: float | None) -> list[RunRecord]:
    return [
        run(candidate, seed, value, "completed" if value is not None else "diverged")
        for seed, value in enumerate(values)
    ]


def test_what_may_be_claimed_of_each_candidate_stands_in_its_row():
    near = seeds("a", 0.80, 0.82, 0.81) + seeds("b", 0.81, 0.80, 0.83)
    board = select([*near, *seeds("far", 0.20, 0.21, 0.22)])
    assert [(row.name, row.verdict, row.tied_with_best) for row in board.candidates] == [
        ("b", "among 2 that may be the best", True),
        ("a", "among 2 that may be the best", True),
        ("far", "not the best", False),
    ]
    low, high = board.candidates[2].to_best
    assert low < -0.6 < high <= 0
    assert "pooled variance" in board.notes[0]
    assert "more seeds would separate the leader from the next" in board.notes[1]


def test_a_clear_winner_is_claimed():
    board = select(seeds("far", 0.20, 0.21, 0.22) + seeds("a", 0.80, 0.82, 0.81))
    assert [row.verdict for row in board.candidates] == ["the best, at 95 %", "not the best"]
    assert not board.candidates[1].tied_with_best


def test_one_and_two_runs_claim_nothing():
    board = select(seeds("a", 0.9) + seeds("b", 0.1))
    assert {row.verdict.split(";")[0] for row in board.candidates} == {
        "one run each: not comparable"
    }
    assert all(row.tied_with_best and row.to_best is None for row in board.candidates)
    board = select(seeds("a", 0.9, 0.9) + seeds("b", 0.1, 0.1))
    assert all(row.verdict.startswith("observed only: two runs") for row in board.candidates)


def test_of_a_candidate_that_lost_a_run_nothing_is_claimed():
    board = select(
        seeds("lost", 0.9, 0.9, 0.9, None)
        + seeds("a", 0.5, 0.6, 0.5, 0.6)
        + seeds("b", 0.1, 0.2, 0.1, 0.2)
    )
    lost = next(row for row in board.candidates if row.name == "lost")
    assert (lost.verdict, lost.tied_with_best) == ("a run did not complete: not comparable", False)


def test_overlapping_folds_claim_less_than_seeds():
    """The same values: as folds they share training data, and the interval is wider."""

    def width(folded: bool) -> float:
        runs = seeds("a", 0.80, 0.84, 0.81, 0.83) + seeds("b", 0.70, 0.76, 0.69, 0.75)
        for record in runs if folded else ():
            record.overrides = [*record.overrides, f"data.fold={record.seed}"]
            record.seed = 0
        low, high = select(runs).candidates[1].to_best
        return (high or 0) - low

    assert width(folded=True) > width(folded=False)


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
        "sealed_test", "problems", "notes", "baselines", "unbeaten", "earlier_openings",
        "selected_by", "replicates",
        "after_opening",
        "sealed_test_ci95", "sealed_test_units", "sealed_test_gap", "sealed_test_against",
        "finals", "awaits",
    ]  # fmt: skip
    with (tmp_path / "leaderboard.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == [row["name"] for row in content["candidates"]]
    assert float(rows[0]["mean"]) == content["candidates"][0]["mean"] == pytest.approx(0.6)
    assert float(rows[0]["ci95_low"]) == content["candidates"][0]["ci95"][0]
    assert rows[1]["mean"] == "" and rows[1]["status_counts"] == "failed=1"


class Job(NamedTuple):
    id: str
    candidate: str
    seed: int = 0
    overrides: tuple[str, ...] = ()
    candidate_id: None = None


@pytest.mark.parametrize("status", ["running", "interrupted"])
def test_a_sweep_with_a_run_that_has_not_ended_has_no_winner(status):
    board = select([run("a", 0, 0.9), run("b", 0, None, status)])
    assert (board.selected, board.selected_run) == (None, None)
    assert [row.rank for row in board.candidates] == [None, None]
    assert f"1 {status}" in board.problems[0]


def test_a_planned_run_without_a_record_is_missing_not_absent():
    records = [run("lucky", 0, 0.99), run("solid", 0, 0.7), run("solid", 1, 0.7)]
    planned = [*(Job(r.id, r.candidate) for r in records), Job("lucky-1", "lucky", 1, ("seed=1",))]
    assert select(records).selected == "lucky"  # by the luck of its first seed
    board = select(records, planned)
    assert board.selected is None
    lucky = next(row for row in board.candidates if row.name == "lucky")
    assert lucky.status_counts == {"completed": 1, "missing": 1}
    assert lucky.runs == ["lucky-0", "lucky-1"]
    assert "of 4 planned runs, 1 missing" in board.problems[0]


def test_a_planned_candidate_without_any_record_is_on_the_board():
    board = select([run("a", 0, 0.9)], [Job("a-0", "a"), Job("b-0", "b")])
    assert {row.name: row.status_counts for row in board.candidates} == {
        "a": {"completed": 1},
        "b": {"missing": 1},
    }
    assert next(row for row in board.candidates if row.name == "b").parameters is None


def test_failed_and_diverged_runs_end_a_plan():
    records = [run("a", 0, 0.9), run("b", 0, None, "failed"), run("c", 0, None, "diverged")]
    board = select(records, [Job(r.id, r.candidate) for r in records])
    assert (board.selected, board.problems) == ("a", [])


def of_data(fingerprint: str, record: RunRecord, fold: int | None = None) -> RunRecord:
    record.data_fingerprint = fingerprint
    if fold is not None:
        record.overrides = [*record.overrides, f"data.fold={fold}"]
    return record


def test_candidates_evaluated_on_different_data_have_no_winner():
    board = select([of_data("one", run("a", 0, 0.9)), of_data("two", run("b", 0, 0.8))])
    assert board.selected is None
    assert "not evaluated on the same data" in board.problems[0]
    assert "one: a; two: b" in board.problems[0]


def test_runs_of_one_candidate_on_different_data_have_no_winner_either():
    assert select([of_data("one", run("a", 0, 0.9)), of_data("two", run("a", 1, 0.8))]).problems


def test_folds_differ_in_their_data_within_a_candidate_not_between_candidates():
    def runs(b: str) -> list[RunRecord]:
        return [
            of_data("fold 0", run("a", 0, 0.9), 0),
            of_data("fold 1", run("a", 1, 0.9), 1),
            of_data("fold 0", run("b", 0, 0.8), 0),
            of_data(b, run("b", 1, 0.8), 1),
        ]

    assert select(runs("fold 1")).selected == "a"
    assert select(runs("fold 2")).selected is None


def test_a_run_that_lost_its_data_fingerprint_does_not_hide_a_difference():
    runs = [
        run("a", 0, None, "failed"),
        of_data("x", run("b", 0, 1.0)),
        of_data("x", run("c", 0, 0.0)),
    ]
    assert select(runs).selected == "b"


@pytest.mark.parametrize("direction", ["max", "min"])
def test_a_run_without_a_metric_is_never_selected(direction):
    sign = 1 if direction == "max" else -1
    runs = [
        run("a", 0, None, direction=direction),
        run("a", 1, sign * 0.5, direction=direction),
        run("b", 0, sign * 0.1, direction=direction),
        run("b", 1, sign * 0.1, direction=direction),
    ]
    assert select(runs).selected_run.startswith("b")  # a lost a replicate
    assert select(runs[:2]).selected_run == "a-1"


def test_a_metric_of_exactly_zero_counts():
    runs = [run("a", 0, 0.0, direction="min"), run("a", 1, 0.5, direction="min")]
    board = select(runs)
    assert (board.selected_run, board.candidates[0].mean) == ("a-0", 0.25)


def test_a_candidate_is_its_config_whatever_the_runs_call_it():
    """A seed that was typed as +seed=1 is in the name, and makes no candidate."""
    runs = [run("a", 0, 0.9), run("a +seed=1", 1, 0.8), run("b", 0, 0.5)]
    for record, config in zip(runs, ["x", "x", "y"], strict=True):
        record.candidate_id = config
    board = select(runs)
    assert [(row.name, row.n) for row in board.candidates] == [("a", 2), ("b", 1)]


def test_two_configs_of_one_name_are_two_candidates():
    runs = [run("a", 0, 0.9), run("a", 1, 0.8)]
    runs[0].candidate_id, runs[1].candidate_id = "1234567890", "abcdefabcd"
    assert [row.name for row in select(runs).candidates] == ["a #123456", "a #abcdef"]


def test_what_a_run_that_did_not_complete_measured_does_not_count():
    """A run that diverged late has a value and a time; it would win."""
    lost = run("late", 1, 0.99, "diverged")
    lost.train_seconds = lost.seconds_per_prediction = 1e6
    board = select([run("late", 0, 0.1), lost, run("plain", 0, 0.5), run("plain", 1, 0.5)])
    assert (board.selected, board.selected_run) == ("plain", "plain-0")
    late = board.candidates[1]
    assert (late.n, late.mean, late.train_seconds) == (1, 0.1, 2.0)
    assert late.seconds_per_prediction is None
    alone = select([run("late", 0, 0.1), lost])
    assert alone.selected_run == "late-0"


def test_data_of_a_run_that_did_not_complete_are_compared_too():
    lost = of_data("two", run("b", 0, None, "failed"))
    assert select([of_data("one", run("a", 0, 0.9)), lost]).selected is None


def test_a_better_mean_over_fewer_seeds_is_not_selected_where_the_shared_ones_say_otherwise():
    """b has its own mean from easy seeds; on every seed that both have, a is better."""
    easy = [run("b", seed, value) for seed, value in ((0, 0.70), (1, 0.71), (2, 0.72))]
    both = [run("a", seed, value) for seed, value in ((0, 0.80), (1, 0.81), (2, 0.82))]
    hard = [run("a", seed, value) for seed, value in ((3, 0.10), (4, 0.11), (5, 0.12))]
    board = select([*easy, *both, *hard])
    assert [row.name for row in board.candidates] == ["b", "a"]  # by their means
    assert {row.name: row.verdict for row in board.candidates}["a"] == "the best, at 95 %"
    assert (board.selected, board.selected_run) == ("a", "a-2")


def test_the_command_for_more_seeds_is_that_of_the_sweep():
    board = select(seeds("a", 0.9) + seeds("b", 0.1), (), "bakeoff run {} data=x".format)
    assert "`bakeoff run e data=x 'seed=range(5)'`" in board.candidates[0].verdict


MEDIAN = Selection(
    margin=0.02, prefer=None, run="median", test="selected", finalists=None, finalist_seeds=5
)


def test_the_median_run_is_selected_not_the_luckiest_seed():
    runs = seeds("a", 0.7, 0.9, 0.8)
    board = select(runs, selection=MEDIAN)
    assert (board.selected_run, board.selected_by) == (
        "a-2",
        "the only candidate; the median of its 3 runs",
    )
    assert select(runs).selected_run == "a-1"  # as sweeps without that setting were selected


def test_the_cheapest_of_those_that_may_be_the_best_is_selected():
    near = seeds("large", 0.80, 0.83, 0.81) + seeds("small", 0.81, 0.80, 0.82)
    far = seeds("tiny", 0.20, 0.21, 0.22)
    for record in near + far:
        record.parameters = {"large": 100, "small": 10, "tiny": 1}[record.candidate]
    cheap = replace(MEDIAN, prefer="parameters")
    board = select(near + far, selection=cheap)
    assert board.candidates[0].name == "large"
    assert (board.selected, board.selected_run) == ("small", "small-0")
    assert board.selected_by == (
        "the fewest parameters of the 2 that may be the best; the median of its 3 runs"
    )
    assert select(near + far, selection=MEDIAN).selected == "large"


def test_the_probability_of_a_difference_that_matters_stands_in_the_row(tmp_path: Path):
    board = select(seeds("a", 0.80, 0.82, 0.81) + seeds("b", 0.70, 0.73, 0.71), selection=MEDIAN)
    first, second = board.candidates
    assert first.practical is None
    assert (second.practical["leader"], second.practical["margin"]) == ("a", 0.02)
    assert second.practical["worse"] > 0.95
    board.write(tmp_path)
    with (tmp_path / "leaderboard.csv").open() as file:
        assert [row["worse"] for row in csv.DictReader(file)] == [
            "",
            str(second.practical["worse"]),
        ]


def test_what_intervals_are_over_is_said():
    runs = seeds("a", 0.80, 0.84, 0.81) + seeds("b", 0.70, 0.76, 0.69)
    board = select(runs)
    assert board.replicates == "over seeds, for this split of the data"
    width = board.candidates[0].ci95[1] - board.candidates[0].ci95[0]
    for record in runs:
        record.overrides = [*record.overrides, f"data.fold={record.seed}"]
    board = select(runs)
    assert board.replicates.startswith("over 3 folds, corrected")
    # 1/n becomes 1/n + 1/(folds - 1): Nadeau and Bengio
    corrected = board.candidates[0].ci95[1] - board.candidates[0].ci95[0]
    assert corrected == pytest.approx(width * ((1 / 3 + 1 / 2) * 3) ** 0.5)


def test_candidates_have_the_names_of_the_plan():
    """A sweep that was extended has renamed the candidates of runs that were recorded before."""
    old = run("lr=1", 0, 0.9)
    old.candidate_id = "c1"
    job = Job(old.id, "mlp lr=1")._replace(candidate_id="c1")
    other = Job("new", "deep lr=1")._replace(candidate_id="c2")
    assert {row.name for row in select([old], [job, other]).candidates} == {"mlp", "deep"}
