"""Where sweeps are, by name."""

import os

import pytest

from bakeoff.store import paths


@pytest.fixture
def sweeps(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for time, name in enumerate(("embedding/2026-01-01", "generation/2026-01-02")):
        folder = tmp_path / "outputs" / name
        folder.mkdir(parents=True)
        paths.point_latest(folder)
        os.utime(folder.parent / "latest", (time, time), follow_symlinks=False)
    return tmp_path


@pytest.mark.parametrize(
    ("given", "pinned"),
    [
        ("embedding/latest", "embedding/2026-01-01"),
        ("outputs/embedding/latest", "embedding/2026-01-01"),
        ("latest", "generation/2026-01-02"),
        ("null,embedding/latest", "null,embedding/2026-01-01"),
        ("embedding/latest,generation/latest", "embedding/2026-01-01,generation/2026-01-02"),
        ("other/latest", "other/latest"),  # not there: training says so
        ("embedding/latest-of-all", "embedding/latest-of-all"),
        ("embedding/2026-01-01", "embedding/2026-01-01"),
    ],
)
def test_latest_is_the_sweep_that_it_is_now(sweeps, given, pinned):
    assert paths.pinned(f"model.embedding={given}") == f"model.embedding={pinned}"


def test_no_other_override_is_touched(sweeps):
    assert paths.pinned("data.folder=embedding/latest") == "data.folder=embedding/latest"


def test_what_is_pinned_stays_when_latest_moves(sweeps):
    pinned = paths.pinned("model.embedding=embedding/latest").split("=")[1]
    paths.point_latest(sweeps / "outputs" / "generation" / "2026-01-02")
    (sweeps / "outputs" / "embedding" / "2026-03-03").mkdir()
    paths.point_latest(sweeps / "outputs" / "embedding" / "2026-03-03")
    assert paths.sweep_dir(pinned).name == "2026-01-01"
