"""The plan's configs and identities reach a launcher and its jobs."""

import pickle
import sys
from dataclasses import replace

import pytest
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.identity.identity import Identity
from bakeoff.store import paths
from bakeoff.sweep.compose.compose import Composer, config_loader
from bakeoff.sweep.identities import identities, plan_file
from bakeoff.sweep.launch.handover import (
    LostRunError,
    PlannedConfigs,
    PlannedRuns,
    PlannedSweep,
    SparedRuns,
)
from bakeoff.sweep.plan import draft_with

LOCALIZATION = paths.experiment_dir("localization")
HYDRA = {"hydra": {"job": {"id": "?", "num": 0}}}
TYPED = ["model=lenet5/deep,lenet5/shallow", "optimizer.lr=1e-3", "hydra.launcher.n_jobs=3"]


def handed(overrides, later):
    """The loader of the plan and Hydra's, and the sweep's own config, as Hydra's application makes them."""
    with config_loader(LOCALIZATION) as loader:
        composer = Composer(loader, "localization", overrides)
        planned, mistakes = draft_with(composer, LOCALIZATION, overrides, multirun=True)
        assert mistakes == []
        found = identities(planned.jobs)
        master = composer.compose([*planned.overrides, *later], RunMode.MULTIRUN)
        return PlannedConfigs(loader, planned.jobs, found), loader, master, planned, found


def test_a_launcher_gets_what_hydra_would_compose(tmp_path):
    later = [f"hydra.sweep.dir={tmp_path}", "hydra.mode=MULTIRUN"]
    ours, theirs, master, planned, found = handed(TYPED, later)
    for job, of in zip(planned.jobs, found, strict=True):
        composed = theirs.load_sweep_config(master, job.overrides)
        config = ours.load_sweep_config(master, job.overrides)
        assert OmegaConf.to_container(config.hydra.sweep)["subdir"] == of.run
        config.hydra.sweep.subdir = "${run_id:}"
        assert OmegaConf.to_container(config) == OmegaConf.to_container(composed)


def test_all_jobs_have_the_time_of_the_sweep():
    ours, _, master, planned, _ = handed(TYPED, [])
    there = master.hydra.sweep.dir
    cached = OmegaConf.get_cache(master)["now"]
    for job in planned.jobs:
        config = ours.load_sweep_config(master, job.overrides)
        assert config.hydra.sweep.dir == there
        assert OmegaConf.get_cache(config)["now"] == cached


def test_hydra_composes_no_job_of_the_plan_again(monkeypatch):
    ours, theirs, master, planned, _ = handed(TYPED, ["hydra.mode=MULTIRUN"])
    monkeypatch.setattr(theirs, "load_sweep_config", None)
    monkeypatch.setattr(theirs, "load_configuration", None)
    assert [ours.load_sweep_config(master, job.overrides).seed for job in planned.jobs] == [
        0,
        1,
    ] * 2


def test_a_launcher_composes_a_job_when_it_starts(monkeypatch, tmp_path):
    ours, _, master, planned, found = handed(TYPED, [f"hydra.sweep.dir={tmp_path}"])
    composed = []
    monkeypatch.setattr(
        PlannedConfigs,
        "load_sweep_config",
        lambda *a: composed.append(a) or OmegaConf.create(HYDRA),
    )
    launched = [ours.launched(master, job.overrides, 4 + at) for at, job in enumerate(planned.jobs)]
    assert [job.run_dir for job in launched] == [tmp_path / of.run for of in found]
    assert [job.sections["seed"] for job in launched] == [0, 1] * 2
    assert composed == []
    assert launched[1].compose().hydra.job == {"id": "5", "num": 5}
    assert len(composed) == 1


def test_a_job_gets_its_own_identity_alone():
    known = {number: Identity(f"r{number}", "c", "a") for number in range(3)}
    assert PlannedRuns(print, known).only([1]).identities == {1: known[1]}


def test_another_job_is_composed_by_hydra():
    ours, _, master, _, _ = handed(TYPED, [])
    assert ours.load_sweep_config(master, ["seed=77"]).seed == 77
    assert ours.get_search_path().get_path()


def test_a_jobs_process_gets_its_config_from_the_plan_on_disk(tmp_path):
    ours, _, master, planned, found = handed(TYPED, [f"hydra.sweep.dir={tmp_path}"])
    written = plan_file(planned, found)
    first = replace(written.jobs[0], config=written.jobs[0].config.replace("seed: 0", "seed: 7"))
    replace(written, jobs=[first, *written.jobs[1:]]).write(tmp_path)
    there = pickle.loads(pickle.dumps(ours))
    assert len(pickle.dumps(ours)) < len(pickle.dumps(planned.jobs[0].config)) * len(planned.jobs)
    config = there.load_sweep_config(master, planned.jobs[0].overrides)
    assert config.seed == 7  # whatever composing would give now
    assert config.hydra.sweep.subdir == found[0].run
    config, expected = (
        loader.load_sweep_config(master, planned.jobs[1].overrides) for loader in (there, ours)
    )
    assert OmegaConf.to_container(config) == OmegaConf.to_container(expected)
    with pytest.raises(BakeoffError, match="seed=99: no such job"):
        there.load_sweep_config(master, ["seed=99"])


def test_where_jobs_share_a_process_a_lost_run_does_not_end_it():
    def lost(config):
        sys.exit(1)

    with pytest.raises(LostRunError):
        SparedRuns(lost)("config")
    assert SparedRuns(str)("config") == "config"


def test_a_job_trains_under_the_identity_of_its_number(monkeypatch, tmp_path):
    known = {0: Identity("r0", "c", "a"), 1: Identity("r1", "c", "a")}
    task = PlannedRuns(lambda config, of: (config, of.run), known)
    for number in (1, 0):
        hydra = {"hydra": {"job": {"num": number}, "runtime": {"output_dir": str(tmp_path)}}}
        monkeypatch.setattr(HydraConfig, "get", lambda hydra=hydra: OmegaConf.create(hydra).hydra)
        assert task("config") == ("config", f"r{number}")


def test_a_planned_sweep_is_a_task_function_too():
    assert PlannedSweep(lambda config: config, None, [])("config") == "config"
