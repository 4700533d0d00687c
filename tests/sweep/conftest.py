"""What tests of the launcher share: small tasks as the jobs of a sweep."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hydra import compose, initialize
from hydra._internal.callbacks import Callbacks
from hydra.core.global_hydra import GlobalHydra
from hydra.core.singleton import Singleton
from hydra.types import HydraContext
from omegaconf import DictConfig


@pytest.fixture
def jobs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[list[DictConfig], HydraContext]]:
    """Makes the configs of jobs with a value `x` each, and the context that Hydra gives a launcher."""
    # Not Hydra's `set_state`: it loads all plugins again, whose classes then cannot be pickled.
    monkeypatch.setattr(Singleton, "_instances", dict(Singleton._instances))
    GlobalHydra.instance().clear()

    def make(xs: Sequence[str], subdir: str = "job${x}"):
        with initialize(version_base="1.3", config_path=None):
            configs = [
                compose(
                    overrides=[
                        f"+x={x}",
                        f"hydra.sweep.dir={tmp_path}",
                        f"hydra.sweep.subdir={subdir}",
                    ],
                    return_hydra_config=True,
                )
                for x in xs
            ]
            context = HydraContext(GlobalHydra.instance().config_loader(), Callbacks())
        return configs, context

    return make
