"""The sweeps that the tests of faults share."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.faults.checks import results
from tests.faults.place import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A workplace of the test's own."""
    return Place(tmp_path)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A workplace with the sweep that nothing has struck."""
    place = Place(tmp_path_factory.mktemp("whole"))
    done = place.command("run", "small")
    assert done.status == 0, done.err
    return place


@pytest.fixture(scope="session")
def reference(whole: Place) -> dict[str, Any]:
    """What that sweep has found."""
    return results(whole.sweep)


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A workplace whose sweep was killed when all runs were done, before anything was concluded."""
    place = Place(tmp_path_factory.mktemp("trained"))
    place.killed("before:driver:*/test_ledger.jsonl", "run", "small")
    return place


@pytest.fixture
def concluding(trained: Place, tmp_path: Path) -> Place:
    """A copy of it."""
    return copy(trained, tmp_path / "place")


def copy(place: Place, folder: Path) -> Place:
    """The same place in another folder."""
    shutil.copytree(place.folder, folder, symlinks=True)
    return Place.at(folder)
