"""Several jobs in one process that train as one; each leaves what it leaves in a process of its own."""

import logging
import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from hydra.core.hydra_config import HydraConfig
from hydra.core.utils import JobReturn, run_job
from hydra.types import HydraContext
from omegaconf import DictConfig

from bakeoff.fused.shared_data import SharedData
from bakeoff.fused.together import Adapt, Run, run_together
from bakeoff.fused.turns import Shared
from bakeoff.run.fit import fit
from bakeoff.run.hooks.interruption import interruptible
from bakeoff.sweep.launch.handover import PlannedRuns
from bakeoff.sweep.launch.job_log import redirect_output


def run_group(
    configs: Sequence[DictConfig],
    run_dirs: Sequence[Path],
    task: PlannedRuns,
    context: HydraContext,
) -> list[JobReturn | BaseException]:
    """Run the jobs of these configs; what each returned, or what ended it: SystemExit of a training that
    failed, whose record says why.

    Raises TrainAloneError where they cannot train together, or where it does not pay.
    """
    # Of this thread, which computes the steps: that of each run has a number of its own.
    torch.set_num_threads(configs[0].threads)
    data = SharedData()
    output = _Output(run_dirs[0])

    def job(config: DictConfig, run_dir: Path) -> Run:
        def run(adapt: Adapt) -> JobReturn:
            output.send_to(run_dir)
            trained = partial(task.train, fit=partial(fit, set_up_data=data, adapt=adapt))
            own = replace(task, train=trained)
            return run_job(own, config, "hydra.sweep.dir", "hydra.sweep.subdir", context)

        return run

    runs = [job(config, run_dir) for config, run_dir in zip(configs, run_dirs, strict=True)]
    with interruptible() as asked:
        turns = run_together(runs, [*SHARED, (output.read, output.send_to)], asked=asked)
    return [turn.error or turn.result for turn in turns]


class _Output:
    """The directory whose log gets what this process prints."""

    def __init__(self, run_dir: Path) -> None:
        self._run_dir = run_dir

    def read(self) -> Path:
        return self._run_dir

    def send_to(self, run_dir: Path) -> None:
        if run_dir != self._run_dir:
            self._run_dir = run_dir
            redirect_output(run_dir)


def _handlers() -> tuple[list[logging.Handler], int]:
    root = logging.getLogger()
    return list(root.handlers), root.level


def _set_handlers(state: tuple[list[logging.Handler], int]) -> None:
    root = logging.getLogger()
    root.handlers[:], root.level = state


def _hydra() -> Any:
    return HydraConfig.instance().cfg


def _set_hydra(config: Any) -> None:
    HydraConfig.instance().cfg = config


# What Hydra sets for each job in the whole process.
SHARED: tuple[Shared, ...] = (
    (_handlers, _set_handlers),
    (_hydra, _set_hydra),
    (os.getcwd, os.chdir),
)
