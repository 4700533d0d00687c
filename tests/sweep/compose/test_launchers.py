"""The launchers that a sweep may choose."""

import pytest
from hydra.core.config_store import ConfigStore

from bakeoff.errors import BakeoffError
from bakeoff.sweep.compose import launchers
from bakeoff.sweep.compose.compose import config_loader
from bakeoff.sweep.experiment import plan_experiment


@pytest.mark.parametrize(
    ("launcher", "extra"),
    [
        ("ray", "ray"),
        ("submitit_slurm", "slurm"),
        ("submitit_local", "slurm"),
        ("joblib", "joblib"),
    ],
)
def test_a_launcher_whose_package_is_missing_names_the_extra(launcher, extra, monkeypatch):
    monkeypatch.setattr(launchers, "find_spec", lambda name: None)
    with pytest.raises(BakeoffError, match=rf"is not installed.*pip install 'bakeoff\[{extra}\]'"):
        plan_experiment("localization", [f"hydra/launcher={launcher}"])


@pytest.mark.parametrize("launcher", ["processes", "basic", "ray", "submitit_local"])
def test_a_launcher_composes_and_its_settings_are_checked(launcher, monkeypatch):
    monkeypatch.setattr(launchers, "find_spec", lambda name: name)
    assert plan_experiment("localization", [f"hydra/launcher={launcher}", "seed=0"]).jobs
    with pytest.raises(BakeoffError, match=r"hydra.launcher.cpuz=1: no such key"):
        plan_experiment("localization", [f"hydra/launcher={launcher}", "hydra.launcher.cpuz=1"])


def test_an_unknown_launcher_is_answered_with_those_that_are_there():
    with pytest.raises(
        BakeoffError, match=r"hydra/launcher=rai: no such option; did you mean 'ray'"
    ):
        plan_experiment("localization", ["hydra/launcher=rai"])


def test_bakeoffs_launchers_take_the_place_of_others_of_their_names(monkeypatch):
    store = ConfigStore.instance()
    with config_loader(None):
        for name in ("ray", "submitit_local", "submitit_slurm"):
            store.store(group="hydra/launcher", name=name, node={"_target_": "other"}, provider="x")
    with config_loader(None):
        nodes = store.repo["hydra"]["launcher"]
        targets = {name: nodes[f"{name}.yaml"].node._target_ for name in ("ray", "submitit_slurm")}
    assert all(target.startswith("hydra_plugins.bakeoff_launcher") for target in targets.values())


def test_limits_that_a_launcher_does_not_hold_are_refused():
    limits = ["limits.fail_fast=true", "limits.max_failures=2", "limits.run_minutes=3"]
    with pytest.raises(BakeoffError) as caught:
        plan_experiment("localization", ["hydra/launcher=basic", "seed=0", *limits])
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == [
        "limits.max_failures=2", "limits.fail_fast=True",
    ]  # fmt: skip
    assert plan_experiment("localization", ["seed=0", *limits]).jobs
