"""The leaderboard, against hand-worked numbers and SciPy."""

import pytest
from tests.select.runs import Job, run, seeds

from bakeoff.errors import BakeoffError
from bakeoff.select.ranking import select


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
    assert "more than 100 seeds would be needed to separate the leader" in board.notes[1]


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


def test_a_problem_of_the_whole_sweep_leaves_no_winner():
    board = select([run("a", 0, 0.9), run("a", 1, 0.8)], problem="its plan is gone")
    assert board.problems == ["its plan is gone"]
    assert (board.selected, board.candidates[0].rank) == (None, None)


def test_code_that_changed_between_the_runs_is_on_the_board():
    runs = [run("a", 0, 0.9), run("b", 0, 0.8)]
    assert select(runs).mixed == []
    for number, record in enumerate(runs):
        record.modules = {"acme.data": str(number)}
    (said,) = select(runs).mixed
    assert said.startswith("acme.data changed between the runs")
