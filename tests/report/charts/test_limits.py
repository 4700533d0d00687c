"""An axis holds every value, and of the intervals as much as leaves the values apart."""

import pytest

from bakeoff.report.charts.limits import value_limits


def test_a_wide_interval_does_not_dwarf_the_values():
    low, high = value_limits([0.80, 0.82], [(-1.0, 3.0)])
    assert 0.78 < low < 0.79
    assert 0.83 < high < 0.84
    low, high = value_limits([0.80, 0.82], [(0.795, 0.825)])
    assert 0.79 < low < 0.795
    assert value_limits([0.0], []) == pytest.approx((-0.05, 0.05))
