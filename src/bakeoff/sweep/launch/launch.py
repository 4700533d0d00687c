"""A planned sweep through the launcher that its config chooses."""

import copy
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from hydra.core.plugins import Plugins
from hydra.core.utils import JobReturn
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.gate.error_text import message
from bakeoff.identity.candidate import is_of_hydra
from bakeoff.identity.code_digest import Code, code_of
from bakeoff.identity.identity import Identity
from bakeoff.store import atomic
from bakeoff.store.lock import held
from bakeoff.sweep.compose.compose import Composer, noted
from bakeoff.sweep.compose.jobs import Job
from bakeoff.sweep.compose.launchers import OWN
from bakeoff.sweep.identities import identities, plan_file
from bakeoff.sweep.launch.handover import (
    LostRunError,
    PlannedConfigs,
    PlannedRuns,
    PlannedSweep,
    SparedRuns,
)
from bakeoff.sweep.plan import Plan, draft_with
from bakeoff.sweep.progress import Terminal
from bakeoff.sweep.reuse import take_over


def launch(config: DictConfig, context: HydraContext, task: TaskFunction) -> Sequence[JobReturn]:
    """Run every job of the sweep that `config` asks for, as Hydra composed it for the sweep as a whole.

    The sweep's directory gets `plan.json` before the first job starts, and Hydra's `multirun.yaml`, unless
    the jobs are the rest of a sweep that has both. Raises BakeoffError for a mistake in the plan or where
    another process works on the sweep, and what the first failed job raised after the last is done.
    """
    if not isinstance(task, PlannedSweep):
        task = _planned(task, config, context)
    jobs, named = task.plan.jobs, task.identities
    sweep_dir = Path(config.hydra.sweep.dir)
    if not task.is_rest:
        plan_file(task.plan, named).write(sweep_dir)
        atomic.write_text(
            sweep_dir / "multirun.yaml", OmegaConf.to_yaml(_as_given(config, task.plan))
        )
    named = with_code(jobs, named)
    if task.reuses:
        taken, said = take_over(sweep_dir, jobs, named)
        for line in said:
            Terminal().print(line, markup=False, highlight=False, soft_wrap=True)
        left = [(job, of) for job, of in zip(jobs, named, strict=True) if of.run not in taken]
        jobs, named = [job for job, _ in left], [of for _, of in left]
    if not jobs:
        return []
    name = config.hydra.runtime.choices["hydra/launcher"]
    runs = PlannedRuns(task.train, dict(enumerate(named)))
    launcher = Plugins.instance().instantiate_launcher(
        hydra_context=HydraContext(
            PlannedConfigs(context.config_loader, jobs, named), context.callbacks
        ),
        task_function=runs if name in OWN else SparedRuns(runs),
        config=config,
    )
    with held(sweep_dir), _apart_from(name):
        returns = launcher.launch([job.overrides for job in jobs], initial_job_idx=0)
    if any(isinstance(job._return_value, LostRunError) for job in returns):
        raise SystemExit(1)
    for job in returns:
        if isinstance(job._return_value, SystemExit):  # what it ended with has been said
            raise job._return_value
        _ = job.return_value  # raises what a failed job raised
    return returns


def _as_given(config: DictConfig, plan: Plan) -> DictConfig:
    """The config of the sweep as a whole, that notes all overrides that were given."""
    noting = copy.deepcopy(config)
    OmegaConf.set_readonly(noting.hydra, False)
    noting.hydra.overrides.task = [line for line in plan.overrides if not is_of_hydra(line)]
    return noting


def with_code(jobs: Sequence[Job], identities: Sequence[Identity]) -> list[Identity]:
    """The identities, with the code that trains them, which is looked for once for the same names."""
    known: dict[Any, Code] = {}
    found = []
    for job, of in zip(jobs, identities, strict=True):
        key = (job.composed, *job.composed.words(job.values))
        if key not in known:
            known[key] = code_of(job.config)
        found.append(replace(of, code=known[key]))
    return found


@contextmanager
def _apart_from(launcher: str) -> Iterator[None]:
    """Raise SystemExit(1), after saying why, where a launcher that is not bakeoff's own breaks down: what
    its jobs have left counts.
    """
    try:
        yield
    except Exception as error:
        if launcher in OWN or isinstance(error, BakeoffError):
            raise
        print(
            f"bakeoff: the launcher {launcher} broke down: {message(error, named=True)}. `bakeoff resume` "
            "trains what is missing",
            file=sys.stderr,
        )
        raise SystemExit(1) from None


def _planned(task: TaskFunction, config: DictConfig, context: HydraContext) -> PlannedSweep:
    """The plan of a sweep that was started as a plain Hydra application."""
    overrides = [*noted(config, "hydra"), *noted(config, "task")]
    sources = config.hydra.runtime.config_sources
    folders = [Path(s.path) for s in sources if s.provider == "command-line"]
    composer = Composer(context.config_loader, config.hydra.job.config_name, overrides)
    planned, mistakes = draft_with(composer, next(iter(folders), None), overrides, multirun=True)
    if mistakes:
        raise BakeoffError("\n".join(mistakes))
    return PlannedSweep(task, planned, identities(planned.jobs))
