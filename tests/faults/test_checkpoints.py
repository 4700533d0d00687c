"""Checkpoints that are truncated, empty, garbage, or another run's."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.faults.checks import answer, check_truth, check_whole, half_written, results
from tests.faults.conftest import copy
from tests.faults.place import Place

from bakeoff.store import record

pytestmark = pytest.mark.slow

BEST, LAST = "checkpoints/best.ckpt", "checkpoints/last.ckpt"


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def garble(path: Path) -> None:
    path.write_bytes(os.urandom(path.stat().st_size))


def swap(a: Path, b: Path) -> None:
    before = a.read_bytes()
    a.write_bytes(b.read_bytes())
    b.write_bytes(before)


def strike(place: Place, run: str, damage: Callable[[Path], None] | str) -> None:
    """Damage the best checkpoint of a run."""
    best = place.sweep / run / BEST
    other = next(path for path in place.sweep.glob(f"*/{BEST}") if path != best)
    swap(best, other) if damage == "swapped" else damage(best)


def test_runs_with_damaged_checkpoints_end_with_the_numbers_of_intact_ones(place, reference):
    """Every run is stopped in its middle; each finds its checkpoints damaged in another way."""
    stopped = place.command(
        "run", "small", fault="after:jobs:*/checkpoints/last.ckpt",
        BAKEOFF_FAULT_SIGNAL=str(signal.SIGTERM.value),
    )  # fmt: skip
    assert stopped.status == 3, stopped.said
    assert "NO WINNER" in stopped.out
    check_truth(place)
    runs = record.read_all(place.sweep)
    assert [run.status for run in runs] == ["interrupted"] * 4
    a, b, c, d = (place.sweep / run.id for run in runs)
    halve(a / LAST)
    empty(b / LAST)
    garble(b / BEST)
    swap(c / LAST, d / LAST)
    swap(c / BEST, d / BEST)
    resumed = place.command("resume", "small/latest")
    assert resumed.status == 0, resumed.said
    check_whole(place, reference)


@pytest.mark.parametrize("damage", [halve, empty, garble, Path.unlink, "swapped"])
def test_a_damaged_checkpoint_of_the_selected_run_is_neither_tested_nor_kept(
    trained: Place, reference, tmp_path, monkeypatch, capsys, damage
):
    place = copy(trained, tmp_path / "place")
    monkeypatch.chdir(place.folder)
    strike(place, reference["selected_run"], damage)
    for verb in ("test", "report", "resume"):
        status, said = answer(capsys, verb, "small/latest")
        assert status == 1 and "is missing or not the file that run.json speaks of" in said
    assert not list((place.sweep / "best").glob("*"))
    assert not (place.sweep / "test_ledger.jsonl").exists()
    assert half_written(place.sweep) == []


@pytest.mark.parametrize("damage", [halve, garble, "swapped"])
def test_after_the_test_the_kept_weights_stay(
    whole: Place, reference, tmp_path, monkeypatch, capsys, damage
):
    place = copy(whole, tmp_path / "place")
    monkeypatch.chdir(place.folder)
    strike(place, reference["selected_run"], damage)
    status, said = answer(capsys, "report", "small/latest")
    assert status == 1 and "is missing or not the file that run.json speaks of" in said
    assert results(place.sweep, with_weights=False) == results(whole.sweep, with_weights=False)
