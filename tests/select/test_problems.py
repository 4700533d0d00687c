"""Sweeps without a winner."""

import pytest
from tests.select.runs import Job, of_data, run

from bakeoff.select.ranking import select
from bakeoff.store.record import RunRecord


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


def test_a_run_without_a_value_was_evaluated_on_no_data():
    lost = of_data("two", run("b", 0, None, "failed"))
    board = select([of_data("one", run("a", 0, 0.9)), lost, of_data("one", run("b", 1, 0.8))])
    assert (board.selected, board.problems) == ("a", [])
    assert "did not complete" in board.candidates[1].verdict


def test_a_baseline_on_the_data_of_a_run_without_a_value_does_not_count():
    lost = of_data("two", run("b", 0, None, "failed"))
    floor = of_data("two", run("floor", 0, 0.5))
    [row] = select([of_data("one", run("a", 0, 0.9)), lost], baselines=[floor]).baselines
    assert row.mean is None and "other data" in row.note
    [row] = select([lost], baselines=[floor]).baselines
    assert row.mean == 0.5
