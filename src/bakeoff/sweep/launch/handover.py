"""What the plan has worked out, handed through Hydra to its launcher and to each job.

Hydra passes two objects from its application to sweeper, launcher and jobs: the task function and the
config loader. Those here know the plan, so that nothing is composed and no file is read a second time,
whatever launcher runs the jobs.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from hydra.core.config_loader import ConfigLoader
from hydra.core.hydra_config import HydraConfig
from hydra.core.override_parser.types import Override
from omegaconf import DictConfig, OmegaConf, open_dict

from bakeoff.errors import BakeoffError
from bakeoff.identity import run_id
from bakeoff.identity.identity import Identity
from bakeoff.run.new_record import new_record
from bakeoff.store import plan_file
from bakeoff.store.lock import held
from bakeoff.sweep.compose.compose import Composer, noted
from bakeoff.sweep.compose.jobs import Job
from bakeoff.sweep.compose.template import set_values
from bakeoff.sweep.launch.launched import LaunchedJob, whole
from bakeoff.sweep.plan import Plan

LEAVE_S = 60  # for a job whose launcher was killed to write its record and leave
Train = Callable[..., Any]  # (config, identity) -> what the run is worth


@dataclass(frozen=True)
class PlannedSweep:
    """The task function of a sweep that is planned already; the sweeper takes the plan from it.

    `identities` are those of the plan's jobs. `is_rest`: the jobs are the rest of a sweep whose directory
    has its plan already. `reuses`: runs that earlier sweeps have trained are taken over.
    """

    train: Train
    plan: Plan
    identities: Sequence[Identity]
    is_rest: bool = False
    reuses: bool = False

    def __call__(self, config: DictConfig) -> Any:
        """Train a config of a single run, which needs no plan."""
        return self.train(config)


class LostRunError(Exception):
    """A run did not complete; its record says why."""


@dataclass(frozen=True)
class SparedRuns:
    """`runs`, for launchers that run several jobs in one process: where a run did not complete, the job
    raises LostRunError, and its process goes on.
    """

    runs: "PlannedRuns"

    def __call__(self, config: DictConfig) -> Any:
        """Train a job's config."""
        try:
            return self.runs(config)
        except SystemExit as error:
            raise LostRunError from error


@dataclass(frozen=True)
class PlannedRuns:
    """The task function of the jobs of a sweep: each trains under the identity that the plan gave it."""

    train: Train
    identities: Mapping[int, Identity]

    def only(self, numbers: Collection[int]) -> "PlannedRuns":
        """The task function of the jobs with these numbers."""
        return replace(self, identities={number: self.identities[number] for number in numbers})

    def __call__(self, config: DictConfig) -> Any:
        """Train a job's config, after the process of an earlier try has left the run's directory."""
        job = HydraConfig.get()
        with held(Path(job.runtime.output_dir), wait_s=LEAVE_S):
            return self.train(config, self.identities[job.job.num])


def numbered(config: DictConfig, number: int) -> DictConfig:
    """The config, with the number of its job."""
    with open_dict(config):
        config.hydra.job.id = str(number)
        config.hydra.job.num = number
    return config


class PlannedConfigs:
    """A config loader that gives launchers the configs of the plan, and otherwise is Hydra's `loader`."""

    def __init__(
        self, loader: ConfigLoader, jobs: Sequence[Job], identities: Sequence[Identity]
    ) -> None:
        self._loader = loader
        self._jobs = {tuple(job.overrides): job for job in jobs}
        self._parsed: dict[tuple[str, ...], list[Override]] = {}
        self._identities = dict(zip(self._jobs, identities, strict=True))

    def load_sweep_config(
        self, master_config: DictConfig, sweep_overrides: list[str]
    ) -> DictConfig:
        """The config of the job with these overrides, as Hydra's loader composes it for `master_config`."""
        key = tuple(sweep_overrides)
        if key not in self._jobs:
            return self._loader.load_sweep_config(master_config, sweep_overrides)
        config = self._jobs[key].config
        asked, known = noted(master_config, "hydra"), noted(config, "hydra")
        later = tuple(line for line in asked if line not in known)
        if later not in self._parsed:
            self._parsed[later] = Composer(self._loader, "", later).parse(later)
        set_values(self._parsed[later], config)
        config.hydra.overrides.hydra = asked
        OmegaConf.copy_cache(from_config=master_config, to_config=config)  # the same ${now:...}
        config.hydra.sweep.subdir = self._identities[
            key
        ].run  # not worked out again in the job's process
        return config

    def launched(
        self, master_config: DictConfig, sweep_overrides: Sequence[str], number: int
    ) -> LaunchedJob:
        """The job with these overrides as number `number`; its config as `load_sweep_config` gives it."""
        key = tuple(sweep_overrides)
        if key not in self._jobs:
            return whole(numbered(self.load_sweep_config(master_config, list(key)), number))

        def compose() -> DictConfig:
            return numbered(self.load_sweep_config(master_config, list(key)), number)

        of, sections = self._identities[key], self._jobs[key].sections
        run_dir = Path(master_config.hydra.sweep.dir, of.run).resolve()
        return LaunchedJob(key, run_dir, sections, compose, partial(new_record, sections, of, key))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def __reduce__(self) -> tuple[Any, ...]:
        # A job's process does not get the configs of all the others.
        return WrittenConfigs, (self._loader,)


class WrittenConfigs:
    """As PlannedConfigs, in a process that a launcher has started: the configs are those of `plan.json`."""

    def __init__(self, loader: ConfigLoader) -> None:
        self._loader = loader

    def load_sweep_config(
        self, master_config: DictConfig, sweep_overrides: list[str]
    ) -> DictConfig:
        """The config of the job with these overrides: the sweep's plan has it, whatever `conf/` says now.

        Hydra's own settings are composed anew. Raises BakeoffError where the plan has no such job.
        """
        run_id.register()
        config = self._loader.load_sweep_config(master_config, sweep_overrides)
        plan = plan_file.read(Path(master_config.hydra.sweep.dir))
        found = [job for job in plan.jobs if job.overrides == sweep_overrides]
        if not found:
            raise BakeoffError(f"{' '.join(sweep_overrides)}: no such job in the sweep's plan")
        composed = OmegaConf.create(found[0].config)
        with open_dict(composed):
            composed.hydra = config.hydra
        OmegaConf.set_struct(composed, True)
        OmegaConf.copy_cache(from_config=master_config, to_config=composed)
        if OmegaConf.to_container(composed.hydra.sweep)["subdir"] == "${run_id:}":
            composed.hydra.sweep.subdir = found[0].id
        return composed

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "_loader":  # not there yet while this is unpickled
            raise AttributeError(name)
        return getattr(self._loader, name)
