"""Hydra launchers `submitit_slurm` and `submitit_local`: the jobs of a sweep through submitit."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hydra.core.utils import JobReturn

from hydra_plugins.bakeoff_launcher.composed import ComposedLauncher


class SubmititLauncher(ComposedLauncher):
    """`conf/hydra/launcher/submitit_slurm.yaml` says what the settings mean; the rest are submitit's."""

    def __init__(
        self,
        cluster: str,
        folder: str,
        retries: int,
        at_once: int | None,
        max_num_timeout: int,
        **parameters: Any,
    ) -> None:
        self.cluster, self.folder, self.retries = cluster, folder, retries
        self.at_once, self.max_num_timeout = at_once, max_num_timeout
        self.parameters = parameters

    def launch(
        self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int
    ) -> Sequence[JobReturn]:
        """Run all jobs; returns when the last is done."""
        # Hydra imports every plugin of every application: nothing heavy until it launches.
        from omegaconf import OmegaConf

        from bakeoff.sweep.elsewhere import run_elsewhere
        from bakeoff.sweep.on_submitit import SubmititEngine
        from bakeoff.sweep.processes import slots

        configs = self.composed(job_overrides, initial_job_idx)
        given = OmegaConf.to_container(OmegaConf.create(self.parameters), resolve=True)
        given = {key: value for key, value in given.items() if value is not None}
        here = self.cluster == "local" and self.at_once is None
        at_once = slots(configs) if here else self.at_once
        engine = SubmititEngine(
            self.cluster, Path(self.folder), self.max_num_timeout, at_once, given
        )
        return run_elsewhere(configs, self.task_function, self.hydra_context, engine, self.retries)
