"""What is spare goes; what results need stays."""

import json

import numpy as np
import pytest

from bakeoff.data.array_cache import cached
from bakeoff.errors import BakeoffError
from bakeoff.select.cleaning import (
    caches,
    remove_checkpoints,
    remove_files,
    spare_checkpoints,
)
from bakeoff.store.record import Checkpoint, Metric, RunRecord


def run(sweep, id_, status="completed"):
    folder = sweep / id_ / "checkpoints"
    folder.mkdir(parents=True)
    for name in ("best.ckpt", "last.ckpt"):
        (folder / name).write_text("")
    (folder / "notes.txt").write_text("")
    best = Checkpoint("checkpoints/best.ckpt", "x")
    RunRecord(id_, status, "e", "t", "c", [], 0, Metric("m", "max"), checkpoint=best).write(
        folder.parent
    )


def board(sweep, **more):
    content = {"selected_run": "won", "sealed_test": {"m": 1}} | more
    (sweep / "leaderboard.json").write_text(json.dumps(content))


@pytest.fixture
def sweep(tmp_path, monkeypatch):
    """A tested sweep in which `won` was selected, `lost` was not, and `open` has not ended."""
    monkeypatch.chdir(tmp_path)
    sweep = tmp_path / "outputs" / "e" / "1"
    for id_, status in (("won", "completed"), ("lost", "completed"), ("open", "interrupted")):
        run(sweep, id_, status)
    board(sweep)
    return sweep


def names(sweep, found):
    return {str(path.resolve().relative_to(sweep)) for files in found.values() for path in files}


def test_the_selected_run_keeps_its_best_and_an_open_one_all(sweep):
    found = spare_checkpoints()
    assert names(sweep, found) == {
        "won/checkpoints/last.ckpt", "lost/checkpoints/best.ckpt", "lost/checkpoints/last.ckpt",
    }  # fmt: skip
    remove_checkpoints(found)
    assert spare_checkpoints() == {}
    assert (sweep / "won/checkpoints/best.ckpt").exists()
    assert (sweep / "lost/checkpoints/notes.txt").exists()


@pytest.mark.parametrize("change", [{"sealed_test": None}, {"selected_run": None}])
def test_a_sweep_that_is_not_tested_keeps_all(sweep, change):
    board(sweep, **change)
    assert spare_checkpoints() == {}


@pytest.mark.parametrize("content", ["{", "[]", "{}"])
def test_a_sweep_with_a_damaged_leaderboard_keeps_all(sweep, content):
    (sweep / "leaderboard.json").write_text(content)
    assert spare_checkpoints() == {}


def test_links_are_neither_followed_nor_removed(sweep, tmp_path):
    outside = tmp_path / "outside"
    run(outside, "lost")
    (sweep / "linked").symlink_to(outside / "lost")
    (sweep / "lost" / "checkpoints" / "best.ckpt").unlink()
    (sweep / "lost" / "checkpoints" / "best.ckpt").symlink_to(
        outside / "lost/checkpoints/best.ckpt"
    )
    remove_checkpoints(spare_checkpoints())
    assert (outside / "lost/checkpoints/best.ckpt").exists()
    assert (sweep / "lost/checkpoints/best.ckpt").is_symlink()


def test_only_what_is_made_again_is_a_cache(sweep, tmp_path):
    data = tmp_path / "outputs" / "data"
    made = data / "mnist" / "train.npz"
    cached(made, lambda: {"x": np.zeros(3)})
    np.savez(data / "own.npz", x=np.zeros(3))
    (data / "mnist" / "download.gz").write_text("")
    (data / "broken.npz").write_text("x")
    (tmp_path / "elsewhere").mkdir()
    cached(tmp_path / "elsewhere" / "x.npz", lambda: {"x": np.zeros(3)})
    (data / "linked").symlink_to(tmp_path / "elsewhere")
    assert [path.resolve() for path in caches()] == [made]
    remove_files(caches())
    assert caches() == []
    data.rename(tmp_path / "moved")
    data.symlink_to(tmp_path / "elsewhere")
    assert caches() == []


def test_a_file_that_cannot_be_removed_is_said(tmp_path):
    with pytest.raises(BakeoffError, match="cannot remove"):
        remove_files([tmp_path])
