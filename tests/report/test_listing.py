"""The line of a sweep."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from bakeoff.report.listing import cells, octets, show_sweeps
from bakeoff.store.sweeps import Sweep

SWEEP = Sweep(
    folder=Path("outputs/e/one"),
    date=datetime(2026, 11, 25, 7, 5),
    planned=6,
    octets=2_345_000,
    statuses=Counter(completed=4, failed=1),
    winner="[red]deep",
    metric="accuracy",
    value=0.91234,
)


def test_a_sweep_is_told_in_a_line():
    assert cells(SWEEP) == [
        "e/one", "2026-11-25 07:05", "4 of 6, 1 failed", "[red]deep", "accuracy 0.9123", "-", "2.3 MB",
    ]  # fmt: skip


def test_names_are_shown_as_they_are(capsys):
    show_sweeps([SWEEP], 10)
    assert "[red]deep" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (2e9, "2.0 GB")]
)
def test_sizes_have_the_unit_that_shows_them(count, text):
    assert octets(int(count)) == text
