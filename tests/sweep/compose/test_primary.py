"""Where a primary config is, and a further folder of the user's."""

from pathlib import Path

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.store import paths
from bakeoff.sweep.compose.primary import located
from bakeoff.sweep.plan import plan

EXPERIMENTS = paths.experiment_dir("localization")


@pytest.fixture
def mine(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for folder in ("mine", "yours"):
        (tmp_path / folder / "model").mkdir(parents=True)
    (tmp_path / "mine" / "model" / "wide.yaml").write_text("_target_: wide.Wide\n")
    (tmp_path / "yours" / "model" / "tall.yaml").write_text("_target_: tall.Tall\n")
    return Path("mine")


def test_a_folder_with_the_config_holds_it(mine):
    (mine / "own.yaml").write_text("defaults: [config, _self_]\n")
    assert located("own", mine, ["seed=1"]) == (mine, ["seed=1"])
    assert located("config", mine, []) == (mine, [])
    assert located("config", None, []) == (None, [])


def test_a_folder_of_groups_joins_the_search_path(mine):
    folder, overrides = located("localization", mine, ["model=wide", "seed=0"])
    assert folder == EXPERIMENTS
    [job] = plan("localization", overrides, folder).jobs
    assert job.config.model._target_ == "wide.Wide"
    assert job.overrides == ["model=wide", "seed=0"]


def test_it_joins_a_search_path_that_is_there(mine):
    given = ["hydra.searchpath=[file://yours]", "model=wide,tall", "seed=0"]
    folder, overrides = located("localization", mine, given)
    targets = [job.config.model._target_ for job in plan("localization", overrides, folder).jobs]
    assert targets == ["wide.Wide", "tall.Tall"]


def test_a_folder_that_does_not_exist_is_said(mine):
    with pytest.raises(BakeoffError, match="--config-dir nowhere: no such folder"):
        located("localization", Path("nowhere"), [])
