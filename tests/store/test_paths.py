"""Where sweeps and runs are, by name."""

import json
from pathlib import Path

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.store import paths


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("embedding/latest", "embedding/2026-01-01"),
        ("outputs/embedding/latest", "embedding/2026-01-01"),
        ("latest", "generation/2026-01-02"),
        ("embedding/2026-01-01", "embedding/2026-01-01"),
    ],
)
def test_a_sweep_is_found_by_its_names(sweeps, given, found):
    assert paths.sweep_dir(given) == sweeps / found


def test_an_unknown_sweep_is_answered_with_the_nearest(sweeps):
    with pytest.raises(BakeoffError, match=r"no sweep at 'embeding/latest'.*'embedding/latest'"):
        paths.sweep_dir("embeding/latest")


def test_an_experiment_is_answered_with_its_newest_sweep(sweeps):
    for given in ("embedding", "outputs/embedding"):
        with pytest.raises(BakeoffError, match=r"is an experiment: .* newest is embedding/latest"):
            paths.sweep_dir(given)


def test_a_run_is_its_folder_or_the_selected_one_of_a_sweep(sweeps):
    run = sweeps / "embedding" / "2026-01-01" / "abc"
    run.mkdir()
    with pytest.raises(BakeoffError, match="holds neither a run"):
        paths.run_dir("embedding/latest")
    finished = run.parents[1] / "2025-12-31"
    finished.mkdir()
    (finished / "leaderboard.json").write_text("{}")
    with pytest.raises(
        BakeoffError, match="the newest finished sweep is outputs/embedding/2025-12-31"
    ):
        paths.run_dir("embedding/latest")
    (run.parent / "leaderboard.json").write_text(json.dumps({"selected_run": None}))
    with pytest.raises(BakeoffError, match="No run of this sweep completed"):
        paths.run_dir("embedding/latest")
    unfinished = {"selected_run": None, "problems": ["This sweep is not finished: 1 missing."]}
    (run.parent / "leaderboard.json").write_text(json.dumps(unfinished))
    with pytest.raises(BakeoffError, match=r"has no selected run\. This sweep is not finished"):
        paths.run_dir("embedding/latest")
    (run.parent / "leaderboard.json").write_text(json.dumps({"selected_run": "abc"}))
    assert paths.run_dir("embedding/latest") == run
    (run / "run.json").write_text("{}")
    assert paths.run_dir("embedding/2026-01-01/abc") == run


def test_a_folder_chosen_for_a_sweep_must_be_empty(tmp_path):
    assert paths.given_sweep_dir(tmp_path / "a" / "b").is_dir()
    assert paths.given_sweep_dir(tmp_path / "a" / "b")  # nothing is in it yet
    with pytest.raises(BakeoffError, match="this folder is not empty, and a sweep has its own"):
        paths.given_sweep_dir(tmp_path / "a")
    (tmp_path / "file").touch()
    with pytest.raises(BakeoffError, match="cannot create this folder: Not a directory"):
        paths.given_sweep_dir(tmp_path / "file" / "a")


def test_two_sweeps_of_one_second_have_two_folders(sweeps):
    first, second = (paths.new_sweep_dir("tiny", "2026-01-01") for _ in range(2))
    assert (first.name, second.name) == ("2026-01-01", "2026-01-01-2")
    assert first.is_dir() and second.is_dir()


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch])
def test_what_is_no_link_stays_where_latest_should_be(tmp_path, make):
    make(tmp_path / "latest")
    with pytest.raises(BakeoffError, match="latest is no link"):
        paths.point_latest(tmp_path / "2026")
    assert not (tmp_path / "latest").is_symlink()


def test_latest_leads_to_a_sweep_within_outputs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "outputs" / "e").mkdir(parents=True)
    (tmp_path / "outputs" / "e" / "latest").symlink_to("../../elsewhere")
    for given in ("latest", "e/latest", "outputs/e/latest"):
        with pytest.raises(
            BakeoffError, match=r"leads to .*elsewhere: expected a sweep in .*outputs"
        ):
            paths.sweep_dir(given)
    (tmp_path / "outputs" / "e" / "latest").unlink()
    (tmp_path / "outputs" / "other").mkdir()
    (tmp_path / "outputs" / "e" / "latest").symlink_to("../other")
    assert paths.sweep_dir("e/latest") == (tmp_path / "outputs" / "other").resolve()
