"""The files of a run in a second folder."""

import os
from pathlib import Path

import pytest

from bakeoff.sweep.run_copy import copy_run

BEST, CURVE = "checkpoints/best.ckpt", "curves/events.out.tfevents.1"
FILES = (
    BEST,
    CURVE,
    "checkpoints/last.ckpt",
    "output.log",
    "run.json",
    ".hydra/config.yaml",
    ".lock",
)


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    """A folder whose files hold their names."""
    folder = tmp_path / "run"
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return folder


def files(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if not path.is_dir())
    return {str(path.relative_to(folder)): path.read_text() for path in found}


def test_what_never_changes_is_shared_and_what_is_written_anew_left_out(run_dir, tmp_path):
    copy = tmp_path / "new" / "copy"
    copy_run(run_dir, copy, BEST)
    assert files(copy) == {name: name for name in (BEST, CURVE, "output.log")}
    shared = [name for name in files(copy) if os.path.samefile(copy / name, run_dir / name)]
    assert sorted(shared) == [BEST, CURVE]


def test_links_are_left_out(run_dir, tmp_path):
    (run_dir / "outside").symlink_to("/etc")
    (run_dir / "passwd").symlink_to("/etc/passwd")
    copy_run(run_dir, tmp_path / "copy", BEST)
    assert not {"outside", "passwd"} & set(os.listdir(tmp_path / "copy"))


def test_files_are_copied_where_they_cannot_be_linked(run_dir, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "pathlib.Path.hardlink_to", lambda *_: (_ for _ in ()).throw(OSError(18, "x"))
    )
    copy_run(run_dir, tmp_path / "copy", BEST)
    assert files(tmp_path / "copy")[BEST] == BEST
    assert not os.path.samefile(tmp_path / "copy" / BEST, run_dir / BEST)
