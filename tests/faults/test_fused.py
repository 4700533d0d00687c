"""A sweep whose runs train as one is killed between its epochs; then `fused` or `processes` finishes it."""

from dataclasses import replace
from typing import Any

import pytest
from tests.faults.checks import answer, check_truth, check_whole, results
from tests.faults.place import Place

from bakeoff.report.curves import read_curves
from bakeoff.store import record
from bakeoff.store.record import Metric

pytestmark = pytest.mark.slow

RUNS = 4
SWEEP = (
    *("run", "small", "trainer.max_epochs=6"),
    *("hydra/launcher=fused", "hydra.launcher.n_jobs=1"),  # all of them in one process
)
# The process of the runs has written their first checkpoints; or those of two runs in the second epoch too.
FIRST = f"*/checkpoints/best.ckpt#{RUNS}"
SECOND = f"*/checkpoints/best.ckpt#{RUNS + 2}"
# The launcher that finishes the sweep; whether bits are equal, because the same runs train together again.
ENDS = [([], True), (["hydra/launcher=processes"], False)]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> Place:
    """A workplace with the sweep that nothing has struck."""
    place = Place(tmp_path_factory.mktemp("undisturbed"))
    done = place.command(*SWEEP)
    assert done.status == 0 and "train alone" not in done.err, done.said
    return place


def approximately(node: Any) -> Any:
    """What equals the same with numbers that differ by at most 1e-3."""
    if isinstance(node, dict):
        return {key: approximately(value) for key, value in node.items()}
    if isinstance(node, list):
        return [approximately(value) for value in node]
    if isinstance(node, Metric):
        return replace(node, value=approximately(node.value))
    return pytest.approx(node, abs=1e-3) if isinstance(node, float) else node


def curves(place: Place) -> dict[str, Any]:
    """Epochs and values of each run's losses and metrics."""
    found = {run.id: read_curves(place.sweep / run.id) for run in record.read_all(place.sweep)}
    return {
        run: {tag: list(curve) for tag, curve in own.items() if tag.startswith(("train/", "val/"))}
        for run, own in found.items()
    }


def check_ended_as(undisturbed: Place, place: Place, is_exact: bool) -> None:
    """The sweep is done, with the numbers of the undisturbed one."""
    expected = results(undisturbed.sweep)
    check_whole(place, expected if is_exact else approximately(expected))
    assert len(found := curves(undisturbed)) == RUNS
    assert curves(place) == approximately(found)


@pytest.mark.parametrize(("launcher", "is_exact"), ENDS)
def test_runs_whose_process_is_killed_go_on_where_that_is_asked_for(
    place, undisturbed, launcher, is_exact
):
    killed = place.command(*SWEEP, fault=f"after:job:{SECOND}")
    assert killed.status == 3 and "no run completed" in killed.err, killed.said
    runs = record.read_all(place.sweep)
    assert len(runs) == RUNS
    for run in runs:
        assert run.status == "failed" and "its process was killed by SIGKILL" in run.error
    done = place.command("resume", "small/latest", "--failed", *launcher)
    assert done.status == 0, done.said
    logs = [path.read_text() for path in place.sweep.glob("*/train.log")]
    assert len(logs) == RUNS and all("/checkpoints/best.ckpt\n" in log for log in logs)
    # The log has each epoch, also the one whose checkpoint was the last that was written.
    check_ended_as(undisturbed, place, is_exact)


@pytest.mark.parametrize(("launcher", "is_exact"), ENDS)
def test_runs_whose_command_is_killed_go_on(
    place, undisturbed, launcher, is_exact, monkeypatch, capsys
):
    monkeypatch.chdir(place.folder)
    place.killed(f"after:driver:{FIRST}", *SWEEP)
    assert {run.status for run in record.read_all(place.sweep)} <= {"running", "interrupted"}
    for verb in ("report", "test"):
        status, said = answer(capsys, verb, "small/latest")
        assert status == 1 and "is selected" not in said
    check_truth(place)
    done = place.command("resume", "small/latest", *launcher)
    assert done.status == 0, done.said
    # The runs notice that the command is gone, and save the epoch that they are in.
    logs = [path.read_text() for path in place.sweep.glob("*/train.log")]
    assert len(logs) == RUNS and all("/checkpoints/last.ckpt\n" in log for log in logs)
    check_ended_as(undisturbed, place, is_exact)
