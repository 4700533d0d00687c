"""What a sweep still takes, and who leads."""

import pytest

from bakeoff.store.record import Metric, RunRecord
from bakeoff.sweep.live_view import duration, leaders, seconds_left


def run(candidate, value, status="completed", direction="max", identity=None):
    metric = Metric("accuracy", direction, value, None)
    return RunRecord("x", status, "t", "t", candidate, [], 0, metric, candidate_id=identity)


@pytest.mark.parametrize(
    ("done", "running", "waiting", "slots", "expected"),
    [
        ([], [None, None], 4, 2, None),  # nothing is known
        ([10.0, 20.0], [], 4, 2, 30.0),  # four of 15 seconds on two slots
        ([], [8.0, None], 2, 2, 16.0),  # one that is known stands for all
        ([10.0], [100.0, 1.0], 0, 2, 100.0),  # not before the longest has ended
        ([10.0], [5.0], 0, 0, 5.0),
    ],
)
def test_the_time_that_is_left(done, running, waiting, slots, expected):
    assert seconds_left(done, running, waiting, slots) == expected


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "-"), (0.4, "0:00"), (59.6, "1:00"), (125, "2:05"), (3723, "1:02:03")],
)
def test_durations(seconds, text):
    assert duration(seconds) == text


def test_leaders_are_those_with_the_best_means_of_completed_runs():
    runs = [run("a", 0.5), run("a", 0.7), run("b", 0.9), run("c", 0.1), run("d", 0.2)]
    lost = [run("c", 0.99, "running"), run("c", 0.99, "diverged"), run("d", None)]
    found = [("b", 0.9, 1), ("a", 0.6, 2), ("d", 0.2, 1)]
    assert leaders([*runs, *lost]) == found
    assert leaders(run("a", value, direction="min") for value in (0.5,)) == [("a", 0.5, 1)]
    smaller = [run("a", 0.5, direction="min"), run("b", 0.1, direction="min")]
    assert [name for name, *_ in leaders(smaller)] == ["b", "a"]
    assert leaders([]) == []
    # two candidates may have the same name
    assert len(leaders([run("a", 1.0, identity="1"), run("a", 2.0, identity="2")])) == 2
