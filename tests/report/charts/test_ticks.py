"""Ticks that are few and read well."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.report.charts.ticks import linear_ticks, log_ticks, short_number


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
    assert short_number(value) == text


@pytest.mark.parametrize(
    ("limits", "most", "texts"),
    [
        ((0, 1), 6, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        ((0.12, 0.38), 6, ["0.15", "0.20", "0.25", "0.30", "0.35"]),
        ((-0.013, 0.006), 4, ["−0.010", "−0.005", "0.000", "0.005"]),
        ((-3, 27), 4, ["0", "10", "20"]),
        ((0, 10), 4, ["0.0", "2.5", "5.0", "7.5", "10.0"]),
        ((3e6, 5e6), 4, ["3M", "3.5M", "4M", "4.5M", "5M"]),
        ((1e-9, 3e-9), 2, ["1e−09", "2e−09", "3e−09"]),
    ],
)
def test_a_linear_axis_has_round_steps_written_alike(limits, most, texts):
    ticks = linear_ticks(limits, most)
    assert [text for _, text in ticks] == texts
    assert all(limits[0] - 1e-12 <= value <= limits[1] + 1e-12 for value, _ in ticks)


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(2, 9))
def test_ticks_are_few_but_not_too_few(low, width, most):
    limits = (low, low + width)
    values = [value for value, _ in linear_ticks(limits, most)]
    # The next smaller step would be too many: at most 2.5 times as many intervals.
    assert most / 2.5 - 2 <= len(values) <= most + 1
    assert all(low - 1e-3 * width <= value <= low + 1.001 * width for value in values)


def test_epochs_have_whole_steps():
    assert linear_ticks((-0.1, 2.1), 6, whole=True) == [(0, "0"), (1, "1"), (2, "2")]
    assert [text for _, text in linear_ticks((0, 12), 6, whole=True)] == [
        "0", "2", "4", "6", "8", "10", "12",
    ]  # fmt: skip


def test_a_short_log_axis_has_ticks_at_one_two_and_five():
    assert log_ticks((90, 2100)) == [
        (100, "100"), (200, "200"), (500, "500"), (1000, "1k"), (2000, "2k"),
    ]  # fmt: skip


def test_a_long_log_axis_has_powers_of_ten_only():
    assert log_ticks((90, 2_000_000)) == [
        (100, "100"), (1000, "1k"), (10_000, "10k"), (100_000, "100k"), (1_000_000, "1M"),
    ]  # fmt: skip
    assert 3 <= len(log_ticks((1e-12, 1e12))) <= 7


def test_a_log_axis_between_two_such_ticks_has_others():
    assert [text for _, text in log_ticks((2.1, 4.9))] == ["3", "4"]
