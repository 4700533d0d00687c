"""Ticks that are few and read well."""

import pytest
from matplotlib.figure import Figure

from bakeoff.report.charts.ticks import log_axis, short_number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.05, "0.05"),
        (-999, "-999"),
        (1000, "1k"),
        (1500, "1.5k"),
        (-20_000, "-20k"),
        (2_500_000, "2.5M"),
        (3e9, "3G"),
    ],
)
def test_counts_are_written_short(value, text):
    assert short_number(value) == short_number(value, 7) == text


def shown(low: float, high: float) -> dict[float, str]:
    """The ticks of an axis within its limits, and what is written there."""
    axes = Figure().add_subplot()
    log_axis(axes.set_xscale, axes.xaxis, (low, high))
    axes.set_xlim(low, high)
    assert axes.get_xscale() == "log"
    assert axes.get_yscale() == "linear"
    assert not axes.xaxis.get_minorticklocs().size
    places = [place for place in axes.get_xticks() if low <= place <= high]
    return {round(place): axes.xaxis.get_major_formatter()(place) for place in places}


def test_a_short_log_axis_has_ticks_at_one_two_and_five():
    assert shown(90, 2100) == {
        100: "100", 200: "200", 500: "500", 1000: "1k", 2000: "2k",
    }  # fmt: skip


def test_a_long_log_axis_has_powers_of_ten_only():
    assert shown(90, 2_000_000) == {
        100: "100", 1000: "1k", 10_000: "10k", 100_000: "100k", 1_000_000: "1M",
    }  # fmt: skip
