"""Names, clocks, folders and files around a sweep that nobody expects."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.faults.checks import check_whole, weights
from tests.faults.place import Place

from bakeoff.store import plan_file, record
from bakeoff.store.digest import file_digest

pytestmark = pytest.mark.slow

FOLDER = 'it\'s "a=b", ünï; 100% #1 ' + "x" * 150
LABELS = ["plain", "a b=c, it's", 'ünï "quoted"', "[1]: {2}", "x" * 250]
NET = """
from bakeoff.nets.mlp import MLP


class Labelled(MLP):
    def __init__(self, label, **settings):
        super().__init__(**settings)
"""
REMOVE_EVENTS = """
for events in path.parents[1].rglob("events.out.tfevents.*"):
    events.unlink()
"""


def quoted(text: str) -> str:
    """A value as Hydra reads it."""
    return '"' + text.replace('"', '\\"') + '"'


def test_strange_names_of_folders_and_values_and_a_long_temporary_folder(tmp_path: Path, reference):
    folder = tmp_path / FOLDER
    folder.mkdir()
    place = Place(folder)
    (folder / "labelled.py").write_text(NET)
    (folder / ("t" * 120)).mkdir()
    outside = place.elsewhere()
    done = place.command(
        "run", "small", "seed=0", "optimizer.lr=1e-2", "model._target_=labelled.Labelled",
        f"+model.label={','.join(map(quoted, LABELS))}", TMPDIR=str(folder / ("t" * 120)),
    )  # fmt: skip
    assert done.status == 0, done.said
    [expected] = [
        run[-1] for run in reference["runs"].values() if run[-2] == 0 and run[1].value > 0.2
    ]
    runs = record.read_all(place.sweep)
    assert len(runs) == len(LABELS)
    for run in runs:
        assert weights(place.sweep / run.id) == expected, run.candidate
    for verb in ("report", "resume", "show"):
        again = place.command(verb, "small/latest")
        assert again.status == 0, again.said
    assert place.elsewhere() == outside


def test_events_that_are_removed_while_a_run_writes_them(place: Place, reference):
    done = place.command(
        "run", "small", fault="before:code:*/checkpoints/last.ckpt",
        BAKEOFF_FAULT_CODE=REMOVE_EVENTS,
    )  # fmt: skip
    assert done.status == 0, done.said
    check_whole(place, reference)


def process(place: Place, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """A command in a Python of its own, whose clock the hook can change."""
    return subprocess.Popen(
        [sys.executable, "-m", "bakeoff", *arguments],
        cwd=place.folder,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_clock_that_is_set_back_while_runs_train(place: Place, reference):
    faulty = place.faulty("after:clock:*/checkpoints/last.ckpt")
    command = process(place, "run", "small", **faulty)
    _, err = command.communicate(timeout=300)
    assert command.returncode == 0, err
    assert place.has_happened()
    check_whole(place, reference)
    for run in record.read_all(place.sweep):
        assert 0 < run.train_seconds < 80_000 and 0 < run.seconds_to_best < 80_000
    shown = place.command("list")
    assert shown.status == 0 and "4 of 4" in shown.out


def test_two_sweeps_in_the_same_second_share_nothing(place: Place, reference):
    both = []
    for _ in range(2):
        faulty = place.faulty("after:driver:*/plan.json")
        both.append(process(place, "run", "small", **faulty, BAKEOFF_CLOCK="1800000000"))
    said = [command.communicate(timeout=300) for command in both]
    assert [command.returncode for command in both] == [-signal.SIGKILL] * 2, said
    first, second = place.sweeps
    assert second.name == f"{first.name}-2"
    assert plan_file.read(first).jobs == plan_file.read(second).jobs
    before = {path: file_digest(path) for path in second.rglob("*") if path.is_file()}
    done = place.command("resume", str(first))
    assert done.status == 0, done.said
    check_whole(place, reference, sweep=first)
    assert {path: file_digest(path) for path in second.rglob("*") if path.is_file()} == before
