"""What this user wrote is told from what anybody else could write."""

import json
import stat

import pytest

from bakeoff.store import own, record
from bakeoff.store.record import Metric, RunRecord, is_own_run


@pytest.fixture(autouse=True)
def config_home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))


@pytest.fixture
def run_dir(tmp_path):
    folder = tmp_path / "run"
    (folder / ".hydra").mkdir(parents=True)
    (folder / record.CONFIG).write_text("model: {_target_: mine.Net}\n")
    a_run().write(folder)
    return folder


def a_run():
    metric = Metric("accuracy", "max", 0.5)
    return RunRecord("a", "running", "e", "t", "c", [], 0, metric, environment={"n": 1})


def test_a_run_of_this_user_is_theirs_however_often_it_is_written(run_dir):
    assert is_own_run(run_dir)
    a_run().write(run_dir)
    assert is_own_run(run_dir)
    assert record.read(run_dir) == a_run()


def test_the_key_is_for_this_user_alone():
    own.signed({})
    assert stat.S_IMODE(own.key_file().stat().st_mode) == 0o600
    assert len({json.dumps(own.signed({"a": 1})) for _ in range(3)}) == 1  # one key


@pytest.mark.parametrize("name", [record.CONFIG, record.FILE_NAME])
def test_a_changed_file_is_not_theirs_and_writing_does_not_make_it_so(run_dir, name):
    path = run_dir / name
    path.write_text(path.read_text().replace("mine", "evil").replace('"running"', '"failed"'))
    assert not is_own_run(run_dir)
    a_run().write(run_dir)
    assert not is_own_run(run_dir)


def test_a_training_that_this_user_begins_makes_the_folder_theirs(run_dir):
    (run_dir / record.CONFIG).write_text("model: {_target_: mine.Other}\n")
    assert not is_own_run(run_dir)
    a_run().write(run_dir, begins=True)
    assert is_own_run(run_dir)
    a_run().write(run_dir)
    assert is_own_run(run_dir)


def test_the_folder_of_another_user_is_not_theirs(run_dir, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "another"))
    assert not is_own_run(run_dir)


@pytest.mark.parametrize("value", ["", "é", None, 0, [], "0" * 64])
def test_a_false_digest_is_none(run_dir, value):
    path = run_dir / record.FILE_NAME
    path.write_text(json.dumps({**json.loads(path.read_text()), own.FIELD: value}))
    assert not is_own_run(run_dir)


def test_without_a_place_for_a_key_a_run_is_written_and_nobodys(run_dir, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    other = tmp_path / "other"
    a_run().write(other)
    assert record.read(other) == a_run()
    assert not is_own_run(other)
