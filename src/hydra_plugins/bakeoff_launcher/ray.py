"""Hydra launcher `ray`: the jobs of a sweep on the machines of a Ray cluster."""

from collections.abc import Sequence
from dataclasses import dataclass

from hydra.core.config_store import ConfigStore
from hydra.core.utils import JobReturn

from hydra_plugins.bakeoff_launcher.composed import ComposedLauncher


@dataclass
class RayLauncherConf:
    """`address`: of a running cluster, as 10.0.0.1:6379; null: one is started on this machine.

    `cpus`: cores for each job; null: as many as its `threads`. `gpus`: for each job, also a part of one;
    null: 1 where the cluster has GPUs and the trainer may use one. `retries`: how often a job whose machine
    or worker was lost goes on elsewhere, from its last checkpoint.
    """

    _target_: str = "hydra_plugins.bakeoff_launcher.ray.RayLauncher"
    address: str | None = "${oc.env:RAY_ADDRESS,null}"
    cpus: float | None = None
    gpus: float | None = None
    retries: int = 3


def register() -> None:
    """Store the launcher by name for Hydra."""
    ConfigStore.instance().store(
        group="hydra/launcher", name="ray", node=RayLauncherConf, provider="bakeoff"
    )


register()


class RayLauncher(ComposedLauncher):
    """As `processes`, on many machines."""

    def __init__(
        self, address: str | None, cpus: float | None, gpus: float | None, retries: int
    ) -> None:
        self.address, self.cpus, self.gpus, self.retries = address, cpus, gpus, retries

    def launch(
        self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int
    ) -> Sequence[JobReturn]:
        """Run all jobs; returns when the last is done."""
        # Hydra imports every plugin of every application: nothing heavy until it launches.
        from bakeoff.sweep.launch.elsewhere import run_elsewhere
        from bakeoff.sweep.launch.on_ray import RayEngine, cluster

        jobs = self.jobs(job_overrides, initial_job_idx)
        with cluster(self.address):
            engine = RayEngine(self.cpus, self.gpus)
            return run_elsewhere(jobs, self.task_function, self.hydra_context, engine, self.retries)
