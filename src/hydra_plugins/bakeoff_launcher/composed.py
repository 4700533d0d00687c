"""What bakeoff's launchers share: the jobs, as the plan or Hydra's config loader has them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig

if TYPE_CHECKING:
    from bakeoff.sweep.launch.launched import LaunchedJob


class ComposedLauncher(Launcher):
    """A launcher that hands each job its whole config."""

    def setup(
        self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig
    ) -> None:
        """Called by Hydra before `launch`."""
        self.hydra_context = hydra_context
        self.task_function = task_function
        self.config = config

    def jobs(
        self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int
    ) -> "list[LaunchedJob]":
        """The jobs with these overrides, of which the first has number `initial_job_idx`."""
        from bakeoff.sweep.launch.handover import PlannedConfigs, numbered
        from bakeoff.sweep.launch.launched import whole

        loader, found = self.hydra_context.config_loader, []
        for number, overrides in enumerate(job_overrides, initial_job_idx):
            if isinstance(loader, PlannedConfigs):
                found.append(loader.launched(self.config, overrides, number))
            else:
                config = loader.load_sweep_config(self.config, list(overrides))
                found.append(whole(numbered(config, number)))
        return found
