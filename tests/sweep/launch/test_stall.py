"""A job stalls when nothing in its directory changes, by a clock that the test moves."""

import pytest
from tests.moved_clock import Time

from bakeoff.sweep.launch import stall
from bakeoff.sweep.launch.stall import Stall


@pytest.fixture
def time(monkeypatch) -> Time:
    made = Time()
    monkeypatch.setattr(stall, "time", made)
    return made


@pytest.mark.parametrize("place", ["progress.json", "checkpoints/midway.ckpt"])
def test_a_job_that_changes_a_file_is_left_alone(tmp_path, time, place):
    (tmp_path / "checkpoints").mkdir()
    watched = Stall(tmp_path, minutes=1)
    for size in range(5):
        time.now += 40
        (tmp_path / place).write_text("x" * size)
        assert not watched.is_over()
    time.now += 40
    assert not watched.is_over()
    time.now += 40
    assert watched.is_over()


def test_a_job_that_never_makes_its_directory_stalls_too(tmp_path, time):
    watched = Stall(tmp_path / "none", minutes=1)
    assert not watched.is_over()
    time.now += 61
    watched.is_over()
    time.now += 61
    assert watched.is_over()


def test_without_a_limit_nothing_stalls(tmp_path, time):
    watched = Stall(tmp_path, minutes=None)
    time.now += 1e9
    assert not watched.is_over()
