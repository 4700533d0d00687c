"""Baselines as rows of a leaderboard."""

import pytest

from bakeoff.select.baselines import baseline_rows, unbeaten
from bakeoff.select.ranking import select
from bakeoff.store.record import Metric, RunRecord


def run(name, value, status="completed", overrides=(), role="baseline", data="d", **more):
    return RunRecord(
        f"{name}{value}{overrides}", status, "e", "t", name, list(overrides), 0,
        Metric("score", "max", value), data_fingerprint=data, role=role, train_seconds=2.0, **more,
    )  # fmt: skip


def test_the_best_comes_first_and_what_has_no_value_last():
    runs = [run("a", 0.1), run("b", 0.5), run("c", None, "failed", error="no room")]
    rows = baseline_rows(runs, {"d"}, "max")
    assert [(row.name, row.mean) for row in rows] == [("b", 0.5), ("a", 0.1), ("c", None)]
    assert (rows[2].status_counts, rows[2].note) == ({"failed": 1}, "no room")
    assert [row.name for row in baseline_rows(runs, {"d"}, "min")] == ["a", "b", "c"]


def test_folds_are_averaged_and_other_data_are_another_row():
    folds = [run("a", value, overrides=[f"data.fold={value}"]) for value in (1.0, 2.0)]
    [row] = baseline_rows(folds, {"d"}, "max")
    assert (row.mean, row.std, row.n) == (1.5, pytest.approx(0.5**0.5), 2)
    capped = [run("a", value, overrides=[f"data.cap={value}"]) for value in (1.0, 2.0)]
    assert [row.name for row in baseline_rows(capped, {"d"}, "max")] == [
        "a data.cap=2.0",
        "a data.cap=1.0",
    ]


def test_some_folds_are_not_all():
    folds = [run("a", 1.0, overrides=["data.fold=0"]), run("a", None, "failed", ["data.fold=1"])]
    [row] = baseline_rows(folds, {"d"}, "max")
    assert (row.mean, row.n) == (None, 1)


def test_what_was_measured_on_other_data_does_not_count():
    [row] = baseline_rows([run("a", 1.0, data="other")], {"d"}, "max")
    assert row.mean is None and "other data" in row.note


@pytest.mark.parametrize(
    ("direction", "expected"), [("max", ["low", "same"]), ("min", ["same", "high"])]
)
def test_a_candidate_must_be_better_than_the_best_baseline(direction, expected):
    rows = baseline_rows([run("a", 0.5), run("b", None, "failed")], {"d"}, direction)
    candidates = [("low", 0.4), ("same", 0.5), ("high", 0.6), ("lost", None)]
    assert unbeaten(candidates, rows, direction) == expected
    assert unbeaten(candidates, rows[1:], direction) == unbeaten(candidates, [], direction) == []


def test_a_better_baseline_is_neither_selected_nor_ranked():
    candidates = [run("net", 0.3, role="candidate"), run("other", 0.6, role="candidate")]
    board = select(candidates, baselines=[run("a", 0.9), run("b", 0.5)])
    assert board.selected == "other"
    assert [row.name for row in board.candidates] == ["other", "net"]
    assert [row.rank for row in board.candidates] == [1, 2]
    assert [row.name for row in board.baselines] == ["a", "b"]
    assert board.unbeaten == ["other", "net"]
    assert select(candidates, baselines=[run("b", 0.5)]).unbeaten == ["net"]


def test_an_unfinished_baseline_leaves_the_sweep_finished():
    board = select([run("net", 0.3, role="candidate")], baselines=[run("a", None, "running")])
    assert (board.selected, board.problems, board.unbeaten) == ("net", [], [])


def test_where_there_is_no_winner_nothing_is_said_of_candidates():
    runs = [run("net", 0.3, role="candidate"), run("x", None, "running", role="candidate")]
    assert select(runs, baselines=[run("a", 0.9)]).unbeaten == []
