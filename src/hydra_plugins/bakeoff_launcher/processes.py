"""Hydra launcher `processes`: the jobs of a sweep side by side, each in a process of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from hydra.core.config_store import ConfigStore
from hydra.core.utils import JobReturn

from hydra_plugins.bakeoff_launcher.composed import ComposedLauncher


@dataclass
class ProcessLauncherConf:
    """`n_jobs`: how many jobs run at once; null: as many as the usable cores allow, each with `threads`,
    and `jobs_per_gpu` on each GPU.
    """

    _target_: str = "hydra_plugins.bakeoff_launcher.processes.ProcessLauncher"
    n_jobs: int | None = None
    jobs_per_gpu: int = 1


ConfigStore.instance().store(
    group="hydra/launcher", name="processes", node=ProcessLauncherConf, provider="bakeoff"
)


class ProcessLauncher(ComposedLauncher):
    """Unlike Hydra's basic launcher, a job that fails or dies leaves the others alone."""

    def __init__(self, n_jobs: int | None, jobs_per_gpu: int) -> None:
        self.n_jobs = n_jobs
        self.jobs_per_gpu = jobs_per_gpu

    def launch(
        self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int
    ) -> Sequence[JobReturn]:
        """Run all jobs; returns when the last is done."""
        from bakeoff.sweep.launch.processes import (
            run_jobs,  # Hydra imports every plugin of every application
        )

        jobs = self.jobs(job_overrides, initial_job_idx)
        return run_jobs(
            jobs, self.task_function, self.hydra_context, self.n_jobs, self.jobs_per_gpu
        )
