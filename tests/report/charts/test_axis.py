"""Values and their pixels."""

import pytest

from bakeoff.report.charts.axis import FAR, Axis


def test_the_limits_are_at_the_ends_also_where_an_axis_runs_upwards():
    axis = Axis((-1, 3), (148, 8))
    assert [axis.at(value) for value in (-1, 0, 3)] == [148, 113, 8]
    assert axis.share(4) == 1.25


def test_ten_times_as_much_is_as_far_everywhere_on_a_log_axis():
    axis = Axis((0.01, 100), (0, 400), log=True)
    assert [axis.at(10.0**power) for power in range(-2, 3)] == pytest.approx(range(0, 500, 100))


@pytest.mark.parametrize("axis", [Axis((0, 1), (200, 0)), Axis((0.1, 1), (200, 0), log=True)])
def test_what_diverged_is_far_outside_but_somewhere(axis):
    assert axis.at(1e308) < -200
    assert axis.at(-1e308) > 400
    assert abs(axis.at(1e308)) <= FAR and abs(axis.at(-1e308)) <= FAR
    assert axis.at(0) >= 200
