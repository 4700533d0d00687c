"""Sweepers that choose the jobs while they run."""

import importlib.util

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.store import paths
from bakeoff.sweep.plan import plan

LOCALIZATION = paths.experiment_dir("localization")
SWEEPER = "_target_: nowhere.Search\nparams: null\n"
INTERVAL = "optimizer.lr=tag(log, interval(1e-4, 1e-2))"


@pytest.fixture
def search(tmp_path):
    """The overrides that choose a sweeper that is no grid."""
    (tmp_path / "hydra" / "sweeper").mkdir(parents=True)
    (tmp_path / "hydra" / "sweeper" / "search.yaml").write_text(SWEEPER)
    return [f"hydra.searchpath=[file://{tmp_path}]", "hydra/sweeper=search"]


def test_an_interval_is_checked_at_its_ends(search):
    planned = plan("config", [*search, INTERVAL], multirun=True)
    assert [job.config.optimizer.lr for job in planned.jobs] == [1e-4, 1e-2]
    assert planned.overrides[-1] == INTERVAL  # as the sweeper gets it
    assert planned.is_search and not planned.is_grid


@pytest.mark.parametrize(
    ("overrides", "key"),
    [
        (["seed=range(3)"], "seed"),
        (["seed=interval(0,9)"], "seed"),
        (["++data.fold=0,1", "seed=0"], "data.fold"),
    ],
)
def test_seeds_and_folds_are_no_settings_to_search(search, overrides, key):
    with pytest.raises(
        BakeoffError, match=f"hydra/sweeper=search would search {key} as if it were"
    ):
        plan("config", [*search, *overrides, INTERVAL], multirun=True)


def test_the_seeds_of_an_experiment_are_none_either(search):
    with pytest.raises(
        BakeoffError, match=r"seed=range\(2\): hydra/sweeper=search would search seed"
    ):
        plan("localization", [*search, INTERVAL], LOCALIZATION)
    assert plan("localization", [*search, INTERVAL, "seed=0"], LOCALIZATION).jobs


def test_the_search_goes_where_the_metric_is_better(search, tmp_path):
    (tmp_path / "hydra" / "sweeper" / "search.yaml").write_text(f"{SWEEPER}direction: minimize\n")
    with pytest.raises(
        BakeoffError, match=r"performance, of which more is better: set hydra.sweeper"
    ):
        plan("config", [*search, INTERVAL], multirun=True)
    for right in ("hydra.sweeper.direction=maximize", "task.metric.direction=min"):
        assert plan("config", [*search, INTERVAL, right], multirun=True).jobs


def test_a_grid_needs_values_that_can_be_counted():
    for sweeper in ("grid", "basic"):
        with pytest.raises(BakeoffError, match="expected values that can be counted"):
            plan("config", [f"hydra/sweeper={sweeper}", INTERVAL], multirun=True)


@pytest.mark.skipif(
    importlib.util.find_spec("hydra_plugins.hydra_optuna_sweeper") is None,
    reason="needs hydra-optuna-sweeper, which is not installed",
)
def test_the_published_sweeper_of_optuna_is_such_a_search():
    chosen = ["hydra/sweeper=optuna", "hydra.sweeper.direction=maximize"]
    planned = plan("config", [*chosen, INTERVAL], multirun=True)
    assert planned.is_search and len(planned.jobs) == 2
