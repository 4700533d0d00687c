"""Runs of several folds: what counts as a replicate, and which sweeps have no winner."""

import numpy as np
import pytest
from tests.select.runs import Job, of_data, run
from tests.select.runs import seeds as seeds_of

from bakeoff.select.folds import (
    arranged,
    fold,
    fold_count,
    overlap,
    replicate_values,
    unequal_folds,
)
from bakeoff.select.ranking import select
from bakeoff.store.record import RunRecord

VALUES = {
    "a": ((0.50, 0.52), (0.60, 0.64), (0.71, 0.73)),
    "b": ((0.4, 0.42), (0.53, 0.51), (0.6, 0.6)),
}


def of_fold(record: RunRecord, number: int) -> RunRecord:
    return of_data("d", record, number)


def folded(name: str, values=None) -> list[RunRecord]:
    """The runs of a candidate: for each fold the values of its seeds."""
    made = []
    for number, own in enumerate(values or VALUES[name]):
        for record in seeds_of(name, *own):
            record.id = f"{record.id}-{number}"
            made.append(of_fold(record, number))
    return made


def test_the_fold_is_read_from_the_overrides():
    one = run("a", 0, 0.5)
    assert fold(one) == ""
    one.overrides = ["model=a", "+data.fold=3"]
    assert fold(one) == "+data.fold=3"


def test_runs_without_a_fold_are_of_one():
    assert (fold_count(seeds_of("a", 0.5, 0.6)), overlap(1)) == (1, 0.0)
    folded = seeds_of("a", 0.5, 0.6, 0.7)
    for record in folded:
        record.overrides = [f"data.fold={record.seed}"]
    assert (fold_count(folded), overlap(3)) == (3, 1 / 2)


def test_the_seeds_of_a_fold_count_as_one_by_their_mean():
    table = arranged((run.candidate, run) for name in VALUES for run in folded(name))
    assert table.replicates == ("data.fold=0", "data.fold=1", "data.fold=2")
    np.testing.assert_allclose(table.values, [np.mean(VALUES[name], axis=1) for name in VALUES])
    assert replicate_values(folded("a")) == pytest.approx([0.51, 0.62, 0.72])
    # Without folds, each seed is a replicate.
    table = arranged(("a", run) for run in seeds_of("a", 0.1, 0.2))
    assert table.values.tolist() == [[0.1, 0.2]]
    assert replicate_values(seeds_of("a", 0.1, None, 0.3)) == [0.1, 0.3]


def test_more_seeds_on_the_same_folds_claim_no_more():
    """Copies of a run, with other seeds: they tell nothing about other data."""
    once = {name: [own[:1] for own in VALUES[name]] for name in VALUES}
    often = {name: [own[:1] * 5 for own in VALUES[name]] for name in VALUES}
    one, five = (
        select([run for name in VALUES for run in folded(name, of[name])]) for of in (once, often)
    )
    assert [row.n for row in five.candidates] == [15, 15]
    for before, now in zip(one.candidates, five.candidates, strict=True):
        assert now.ci95 == pytest.approx(before.ci95)
        assert now.std == pytest.approx(before.std)
        assert now.to_best == pytest.approx(before.to_best)
    assert five.candidates[1].to_leader["n"] == 3


def test_a_mean_is_over_folds_however_many_seeds_each_has():
    values = ((0.5, 0.5, 0.5, 0.5), (0.7,), (0.9,))
    board = select([*folded("a", values), *folded("b")])
    assert board.candidates[0].mean == pytest.approx(0.7)


def test_two_folds_are_observed_only_however_many_seeds_they_have():
    values = {"a": ((0.9, 0.91, 0.92),) * 2, "b": ((0.1, 0.11, 0.12),) * 2}
    board = select([run for name, own in values.items() for run in folded(name, own)])
    assert {row.verdict for row in board.candidates} == {
        "observed only: two folds; three or more are compared"
    }
    assert board.notes == []


def test_a_fold_of_which_a_candidate_lost_a_run_is_lost():
    values = ((0.9, None), (0.91, 0.92), (0.9, 0.9))
    board = select([*folded("a", values), *folded("b")])
    assert board.candidates[1].verdict == "a run did not complete: not comparable"
    assert board.candidates[1].n == 5 and board.candidates[1].rank == 2


def test_candidates_on_different_folds_have_no_winner():
    runs = [*folded("a"), *(of_fold(record, 3) for record in seeds_of("b", 0.1, 0.2, 0.3))]
    board = select(runs)
    assert board.selected is None and all(row.rank is None for row in board.candidates)
    (problem,) = board.problems
    assert "a: data.fold=0, data.fold=1, data.fold=2; b: data.fold=3" in problem
    (problem,) = unequal_folds([*seeds_of("a", 0.1), *(of_fold(run("b", 0, 0.2), 1),)])
    assert "a: no data.fold; b: data.fold=1" in problem


def test_a_fold_that_is_planned_or_failed_is_no_other_fold():
    failed = of_fold(run("a", 0, None, "failed"), 0)
    assert unequal_folds([failed, of_fold(run("b", 0, 0.5), 0)]) == []
    runs = [of_fold(run("a", 0, 0.5), 0), of_fold(run("b", 0, 0.5), 0)]
    job = Job("more", "b", 1, ("model=b", "seed=1", "data.fold=1"))
    (problem, other) = select(runs, [job]).problems
    assert "not finished" in problem and "b: data.fold=0, data.fold=1" in other
