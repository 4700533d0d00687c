"""Dots of a row stay visible."""

from bakeoff.report.charts.swarm import swarm


def test_dots_that_would_hide_each_other_move_aside():
    assert swarm([0, 100, 200]) == [0, 0, 0]
    assert swarm([100, 100, 103, 300]) == [0, -6, 6, 0]
