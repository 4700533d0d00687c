"""The output directory is read-only or full, from the start or from some moment on."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.faults.checks import check_truth, check_whole, intact
from tests.faults.place import Place

pytestmark = pytest.mark.slow

READ_ONLY = """
for folder in (path.parent, *list(path.parents)[1:3]):  # the run's checkpoints, the run, the sweep
    folder.chmod(0o555)
"""


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[[Path, str], None]]:
    """Gives a folder a disk of its own, with options such as its size, which can be changed; skips where
    that is forbidden.
    """
    folders = []

    def mount(folder: Path, options: str) -> None:
        if folder.is_mount():
            options = f"remount,{options}"
        folder.mkdir(exist_ok=True)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True
        )
        if done.returncode != 0:
            pytest.skip(f"mounting is not allowed here: {done.stderr.decode().strip()}")
        folders.append(folder)

    if shutil.which("mount") is None:
        pytest.skip("there is no command mount")
    yield mount
    for folder in set(folders):
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("size", ["4k", "280k"])
def test_a_sweep_on_a_full_disk_is_completed_once_there_is_room(
    place: Place, reference, mounted, size
):
    """Full before the plan is written, and in the middle of the runs."""
    outputs = place.folder / "outputs"
    mounted(outputs, f"size={size}")
    outside = place.elsewhere()
    full = place.command("run", "small")
    assert full.status == (1 if "bakeoff: cannot write" in full.err else 3), full.said
    if full.status == 3:
        assert (place.sweep / "leaderboard.json").exists() and (
            place.sweep / "report.html"
        ).exists()
    assert "Traceback" not in full.err and "No space left on device" in full.said
    check_truth(place)
    mounted(outputs, "size=50m")
    if not (place.sweep / "plan.json").exists():
        refused = place.command("resume", "small/latest")
        assert refused.status == 1 and "plan.json" in refused.err
    else:
        finished = intact(place.sweep)
        assert len(finished) < 8
        resumed = place.command("resume", "small/latest", "--failed")
        assert resumed.status == 0, resumed.said
        assert intact(place.sweep).items() >= finished.items()
        check_whole(place, reference, openings=None)
    assert place.elsewhere() == outside


def test_a_disk_that_is_full_from_some_moment_on(place: Place, reference):
    """As above, where mounting is not allowed: writing fails."""
    outside = place.elsewhere()
    full = place.command("run", "small", fault="during:disk:*/checkpoints/last.ckpt")
    assert full.status == 1 and "Traceback" not in full.err
    assert "leaderboard.json: No space left on device" in full.err
    assert "of 4 runs did not complete" in full.err
    assert not (place.sweep / "leaderboard.json").exists()
    finished = intact(place.sweep)
    resumed = place.command("resume", "small/latest", "--failed")
    assert resumed.status == 0, resumed.said
    assert intact(place.sweep).items() >= finished.items()
    check_whole(place, reference)
    assert place.elsewhere() == outside


@pytest.mark.parametrize("file", ["test_ledger.jsonl", "leaderboard.json", "best/weights.ckpt",
                                  "report.html"])  # fmt: skip
def test_a_conclusion_without_room_is_drawn_once_there_is_room(concluding: Place, reference, file):
    finished = intact(concluding.sweep)
    full = concluding.command("resume", "small/latest", fault=f"during:disk:*/{file}")
    assert full.status == 1 and "Traceback" not in full.err
    assert "No space left on device" in full.err
    check_truth(concluding)
    done = concluding.command("resume", "small/latest")
    assert done.status == 0, done.said
    assert intact(concluding.sweep) == finished
    check_whole(concluding, reference)


def test_a_read_only_place_is_said_before_anything_trains(place: Place):
    outputs = place.folder / "outputs"
    outputs.mkdir()
    outputs.chmod(0o555)
    refused = place.command("run", "small", is_root=False)
    assert refused.status == 1
    assert "cannot create a folder in" in refused.err and "Permission denied" in refused.err
    assert "Traceback" not in refused.err and not list(outputs.iterdir())


def test_a_sweep_that_becomes_read_only_is_completed_once_it_can_be_written(place, reference):
    outside = place.elsewhere()
    refused = place.command(
        "run", "small", is_root=False, fault="after:code:*/checkpoints/last.ckpt",
        BAKEOFF_FAULT_CODE=READ_ONLY,
    )  # fmt: skip
    assert refused.status == 1, refused.said
    assert "Traceback" not in refused.err
    assert "leaderboard.json: Permission denied" in refused.err
    assert "of 4 runs did not complete" in refused.err
    assert not (place.sweep / "leaderboard.json").exists()
    finished = intact(place.sweep)
    again = place.command("resume", "small/latest", is_root=False)
    assert again.status == 1 and "Permission denied" in again.err
    for folder in (place.sweep, *(path for path in place.sweep.rglob("*") if path.is_dir())):
        folder.chmod(0o755)
    resumed = place.command("resume", "small/latest", "--failed", is_root=False)
    assert resumed.status == 0, resumed.said
    assert intact(place.sweep).items() >= finished.items()
    check_whole(place, reference)
    assert place.elsewhere() == outside


def test_a_full_temporary_folder_loses_no_run(place: Place, mounted):
    temporary = place.folder / ("t" * 120)
    mounted(temporary, "size=4k,nr_inodes=2")
    (temporary / "full").write_bytes(bytes(4096))
    done = place.command("run", "small", "seed=0", "optimizer.lr=1e-2", TMPDIR=str(temporary))
    assert done.status == 0, done.said
    assert [path.name for path in temporary.iterdir()] == ["full"]
