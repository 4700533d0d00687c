"""Runs that saw a part of their data only."""

import pytest
from tests.select.runs import of_data, run

from bakeoff.report.terminal import show
from bakeoff.select.ranking import select


def seen(record, **part):
    record.part = part
    return of_data("one", record)


@pytest.mark.parametrize("part", [{"fast_dev_run": True}, {"overfit_batches": 2}])
def test_trials_have_no_winner(capsys, part):
    name, value = next(iter(part.items()))
    board = select([seen(run("a", 0, 0.9), **part), seen(run("b", 0, 0.8), **part)])
    assert (board.selected, board.selected_run) == (None, None)
    show(board)
    said = " ".join(capsys.readouterr().out.split())
    assert f"NO WINNER: Only a trial (trainer.{name}={str(value).lower()})" in said


def test_one_trial_among_whole_runs_is_enough():
    board = select([seen(run("a", 0, 0.9)), seen(run("b", 0, 0.8), fast_dev_run=True)])
    assert board.selected is None
    assert "trainer.fast_dev_run=null, true" in board.problems[0]


def test_validated_on_different_parts_they_do_not_compare():
    board = select([seen(run("a", 0, 0.9), limit_val_batches=2), seen(run("b", 0, 0.8))])
    assert board.selected is None
    assert "different parts of the data (trainer.limit_val_batches=2, null" in board.problems[0]


def test_equal_parts_are_named_before_the_numbers(capsys):
    part = {"limit_train_batches": 0.1, "limit_val_batches": 2}
    board = select([seen(run("a", 0, 0.9), **part), seen(run("b", 0, 0.8), **part)])
    assert (board.selected, board.problems) == ("a", [])
    assert board.part == (
        "Trained on a part of the data only (trainer.limit_train_batches=0.1) and validated on a "
        "part of the data only (trainer.limit_val_batches=2): the numbers hold for that."
    )
    show(board)
    said = " ".join(capsys.readouterr().out.split())
    assert said.index("Trained on a part") < said.index("candidate")


def test_runs_that_saw_all_say_nothing():
    assert select([seen(run("a", 0, 0.9)), seen(run("b", 0, 0.8))]).part == ""
