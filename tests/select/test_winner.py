"""The selected candidate and its run."""

from dataclasses import replace

import pytest
from tests.select.runs import MEDIAN, run, seeds

from bakeoff.select.ranking import select


def test_one_lucky_seed_does_not_win():
    board = select(
        [run("lucky", 0, 0.99), run("lucky", 1, 0.1), run("solid", 0, 0.7), run("solid", 1, 0.7)]
    )
    assert [row.name for row in board.candidates] == ["solid", "lucky"]


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
