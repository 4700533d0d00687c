"""The launchers that a sweep may choose, and the packages that they need."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from hydra.core.override_parser.types import Override
from hydra.core.plugins import Plugins

GROUP = "hydra/launcher"
OWN = (
    "processes",
    "fused",
    "ray",
    "submitit_slurm",
    "submitit_local",
)  # each job in a process of its own
OF_SWEEPS = ("sweep_minutes", "max_failures", "fail_fast")  # limits of all jobs together
# Launcher -> the module it needs, and the extra of bakeoff that installs it.
NEEDED = {
    "ray": ("ray", "ray"),
    "submitit_slurm": ("submitit", "slurm"),
    "submitit_local": ("submitit", "slurm"),
    "joblib": ("hydra_plugins.hydra_joblib_launcher", "joblib"),
}


def launcher_mistakes(overrides: Sequence[Override]) -> list[str]:
    """A line where the package is not installed that a launcher needs."""
    chosen = [o.value() for o in overrides if o.key_or_group == GROUP]
    needed = [(name, *NEEDED[name]) for name in chosen if name in NEEDED]
    return [
        f"{GROUP}={name}: {module.split('.')[-1]} is not installed; it comes with an extra of bakeoff: "
        f"pip install 'bakeoff[{extra}]'"
        for name, module, extra in needed
        if find_spec(module) is None
    ]


def unheld_mistakes(launcher: str, limits: Mapping[str, Any]) -> list[str]:
    """A line for each limit of a sweep that a launcher would not hold."""
    if launcher in OWN:
        return []
    return [
        f"limits.{name}={limits[name]}: {GROUP}={launcher} does not watch all jobs of a sweep: leave "
        f"it out, or choose one of {', '.join(OWN)}"
        for name in OF_SWEEPS
        if limits.get(name)
    ]


def prefer_own() -> None:
    """Let bakeoff's launchers take the place of those that other installed plugins have under their names.

    The published ones of Ray and submitit start a job whose worker was lost from its beginning, or beside
    one that has not ended.
    """
    Plugins.instance()  # Hydra finds all plugins, in any order
    from hydra_plugins.bakeoff_launcher import ray, submitit

    ray.register()
    submitit.register()
