"""Hydra launcher `fused`: as `processes`, but runs whose nets can be stacked train as one."""

from collections.abc import Sequence
from dataclasses import dataclass

from hydra.core.config_store import ConfigStore
from hydra.core.utils import JobReturn

from hydra_plugins.bakeoff_launcher.composed import ComposedLauncher


@dataclass
class FusedLauncherConf:
    """`n_jobs`: how many processes run at once; null: as many as the usable cores allow, or one for each
    GPU.
    """

    _target_: str = "hydra_plugins.bakeoff_launcher.fused.FusedLauncher"
    n_jobs: int | None = None


ConfigStore.instance().store(
    group="hydra/launcher", name="fused", node=FusedLauncherConf, provider="bakeoff"
)


class FusedLauncher(ComposedLauncher):
    """Runs that cannot train together, or would not be faster, train alone."""

    def __init__(self, n_jobs: int | None) -> None:
        self.n_jobs = n_jobs

    def launch(
        self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int
    ) -> Sequence[JobReturn]:
        """Run all jobs; returns when the last is done."""
        # Hydra imports every plugin of every application: nothing heavy until it launches.
        from bakeoff.fused.grouping import groups
        from bakeoff.sweep.launch.handover import PlannedRuns
        from bakeoff.sweep.launch.processes import run_jobs
        from bakeoff.sweep.slots import group_places, visible_gpus, wants_gpu

        jobs = self.jobs(job_overrides, initial_job_idx)
        configs = [job.sections for job in jobs]
        gpus = visible_gpus() if any(map(wants_gpu, configs)) else ()
        found = None
        if isinstance(self.task_function, PlannedRuns):
            found = groups(configs, self.n_jobs or group_places(configs, gpus))
        return run_jobs(
            jobs, self.task_function, self.hydra_context, self.n_jobs, gpus=gpus, groups=found
        )
