"""Hydra sweeper `grid`: every combination of the values, planned and written down before the first job."""

from dataclasses import dataclass
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.errors import CompactHydraException
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig


@dataclass
class GridSweeperConf:
    """`params`: the values of each key that is swept, as on the command line."""

    _target_: str = "hydra_plugins.bakeoff_sweeper.grid.GridSweeper"
    params: dict[str, str] | None = None


ConfigStore.instance().store(
    group="hydra/sweeper", name="grid", node=GridSweeperConf, provider="bakeoff"
)


class GridSweeper(Sweeper):
    """Expands overrides as Hydra's basic sweeper; unlike it, composes a job's config once and leaves
    `plan.json` in the sweep's directory.
    """

    def __init__(self, params: dict[str, str] | None) -> None:
        self.params = params

    def setup(
        self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig
    ) -> None:
        """Called by Hydra before `sweep`."""
        self.hydra_context = hydra_context
        self.task_function = task_function
        self.config = config

    def sweep(self, arguments: list[str]) -> Any:
        """Run all jobs; `arguments`, the overrides of the command, are in the config too."""
        # Hydra imports every plugin of every application: nothing of bakeoff's until it sweeps.
        from bakeoff.errors import BakeoffError
        from bakeoff.sweep.launch.launch import launch

        try:
            return launch(self.config, self.hydra_context, self.task_function)
        except BakeoffError as error:
            # Hydra prints this one without a traceback.
            raise CompactHydraException(f"bakeoff: {error}") from None
