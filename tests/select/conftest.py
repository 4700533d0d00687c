"""What tests of a selected run share."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.run import in_memory

from bakeoff.select.leaderboard import Leaderboard
from bakeoff.select.ranking import select
from bakeoff.store import record


@pytest.fixture(scope="session")
def trained_in_memory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep of one run, whose first epoch was its best; tests work on copies of it."""
    sweep = tmp_path_factory.mktemp("outputs") / "memory" / "sweep"
    assert in_memory.run(sweep / "run", "task.metric.direction=max").status == "completed"
    return sweep


@pytest.fixture
def sweep(trained_in_memory: Path, tmp_path: Path) -> Path:
    """A copy of it, alone under its `outputs`."""
    return Path(shutil.copytree(trained_in_memory, tmp_path / "outputs" / "memory" / "sweep"))


@pytest.fixture
def board(sweep: Path) -> Leaderboard:
    """Its leaderboard."""
    return select(record.read_all(sweep))


@pytest.fixture
def configured(sweep: Path) -> Callable[..., None]:
    """Changes the config that the run has kept, `configured("task.showcase=null")`."""
    from omegaconf import OmegaConf

    def change(*overrides: str) -> None:
        path = sweep / "run" / ".hydra" / "config.yaml"
        config = OmegaConf.load(path)
        config.merge_with_dotlist(list(overrides))
        OmegaConf.save(config, path)

    return change
