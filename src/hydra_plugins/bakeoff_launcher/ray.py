"""Hydra launcher `ray`: the jobs of a sweep on the machines of a Ray cluster."""

from collections.abc import Sequence

from hydra.core.utils import JobReturn

from hydra_plugins.bakeoff_launcher.composed import ComposedLauncher


class RayLauncher(ComposedLauncher):
    """As `processes`, on many machines. `conf/hydra/launcher/ray.yaml` says what the settings mean."""

    def __init__(
        self, address: str | None, cpus: float | None, gpus: float | None, retries: int
    ) -> None:
        self.address, self.cpus, self.gpus, self.retries = address, cpus, gpus, retries

    def launch(
        self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int
    ) -> Sequence[JobReturn]:
        """Run all jobs; returns when the last is done."""
        # Hydra imports every plugin of every application: nothing heavy until it launches.
        from bakeoff.sweep.elsewhere import run_elsewhere
        from bakeoff.sweep.on_ray import RayEngine, cluster

        configs = self.composed(job_overrides, initial_job_idx)
        with cluster(self.address):
            engine = RayEngine(self.cpus, self.gpus)
            return run_elsewhere(
                configs, self.task_function, self.hydra_context, engine, self.retries
            )
