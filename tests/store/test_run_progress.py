"""How far a run is, as a file that may be missing, half there or anybody's."""

import os

import pytest

from bakeoff.store import run_progress
from bakeoff.store.run_progress import RunProgress


def test_it_is_read_as_it_was_written(tmp_path):
    for made in (RunProgress(2.5, 1000.0, 12.0), RunProgress(0.0, None, None)):
        made.write(tmp_path)
        assert RunProgress.read(tmp_path) == made
    assert os.listdir(tmp_path) == ["progress.json"]
    run_progress.remove(tmp_path)
    run_progress.remove(tmp_path)  # nothing is there
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "{}", '{"epochs": "many"}', "\0"])
def test_what_cannot_be_read_is_not_there(tmp_path, text):
    (tmp_path / "progress.json").write_text(text)
    assert RunProgress.read(tmp_path) is None


def test_no_run_depends_on_it(tmp_path):
    RunProgress(1.0, None, None).write(tmp_path / "none")
    assert not os.listdir(tmp_path)
