"""Hydra launchers `submitit_slurm` and `submitit_local`: the jobs of a sweep through submitit."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.core.utils import JobReturn

from hydra_plugins.bakeoff_launcher.composed import ComposedLauncher


@dataclass
class SubmititLocalConf:
    """Processes of this machine in place of Slurm's jobs, to try a sweep without Slurm.

    `folder`: for scripts and logs. `retries`: how often a job that was lost goes on, from its last
    checkpoint.
    `at_once`: jobs at once; null: as many as the usable cores allow, each with its `threads`.
    `timeout_min`: of one job; `max_num_timeout`: how often a job goes on that has used this time up.
    """

    _target_: str = "hydra_plugins.bakeoff_launcher.submitit.SubmititLauncher"
    cluster: str = "local"
    folder: str = "${hydra.sweep.dir}/.submitit"
    retries: int = 3
    at_once: int | None = None
    timeout_min: int = 1440
    max_num_timeout: int = 10


@dataclass
class SubmititSlurmConf(SubmititLocalConf):
    """The jobs as a job array of Slurm. The rest are options of sbatch (https://slurm.schedmd.com/sbatch.html).

    `slurm_signal_delay_s`: seconds before its time is up in which a job writes a checkpoint and ends, to go
    on as another job. `slurm_array_parallelism`: jobs at once of an array, which has 1,000 at most.
    `slurm_setup`: commands before the job. `slurm_additional_parameters`: other options, as
    {mail-type: FAIL}.
    """

    cluster: str = "slurm"
    name: str = "bakeoff"
    cpus_per_task: Any = "${threads}"
    gpus_per_node: int | None = None
    mem_gb: float | None = None
    slurm_signal_delay_s: int = 120
    slurm_array_parallelism: int = 256
    slurm_partition: str | None = None
    slurm_account: str | None = None
    slurm_qos: str | None = None
    slurm_constraint: str | None = None
    slurm_exclude: str | None = None
    slurm_gres: str | None = None
    slurm_setup: list[str] | None = None
    slurm_additional_parameters: dict[str, Any] | None = None


def register() -> None:
    """Store the launchers by name for Hydra."""
    for name, node in (
        ("submitit_local", SubmititLocalConf),
        ("submitit_slurm", SubmititSlurmConf),
    ):
        ConfigStore.instance().store(
            group="hydra/launcher", name=name, node=node, provider="bakeoff"
        )


register()


class SubmititLauncher(ComposedLauncher):
    """As `processes`, through submitit: `parameters` are its own."""

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

        from bakeoff.sweep.launch.elsewhere import run_elsewhere
        from bakeoff.sweep.launch.on_submitit import SubmititEngine
        from bakeoff.sweep.slots import cpu_places

        jobs = self.jobs(job_overrides, initial_job_idx)
        given = OmegaConf.to_container(OmegaConf.create(self.parameters), resolve=True)
        given = {key: value for key, value in given.items() if value is not None}
        here = self.cluster == "local" and self.at_once is None
        at_once = cpu_places([job.sections for job in jobs]) if here else self.at_once
        engine = SubmititEngine(
            self.cluster, Path(self.folder), self.max_num_timeout, at_once, given
        )
        return run_elsewhere(jobs, self.task_function, self.hydra_context, engine, self.retries)
