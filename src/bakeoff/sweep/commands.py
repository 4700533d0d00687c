"""The commands that make a run or a sweep again."""

import shlex
from pathlib import Path

from omegaconf import OmegaConf

from bakeoff.store.record import RunRecord


def rebuild_command(run_dir: Path, run: RunRecord) -> str:
    """A line for a shell in the folder where the run was trained; with the search path that it was
    given, on which a model of the user's own is found.
    """
    seeded = any(override.lstrip("+").startswith("seed=") for override in run.overrides)
    overrides = [*run.overrides, *([] if seeded else [f"seed={run.seed}"])]
    words = ["--config-name", run.experiment, "hydra.mode=RUN", *_search_path(run_dir), *overrides]
    return f"bakeoff train {shlex.join(words)}"


def sweep_command(sweep_dir: Path, experiment: str) -> str:
    """A line for a shell that makes the whole sweep again, with the overrides that it was given."""
    path = sweep_dir / "multirun.yaml"
    words = [experiment, *_given(path, "hydra", "hydra.searchpath="), *_given(path, "task")]
    return f"bakeoff run {shlex.join(words)}"


def _search_path(run_dir: Path) -> list[str]:
    return _given(run_dir / ".hydra" / "hydra.yaml", "hydra", "hydra.searchpath=")


def _given(path: Path, kind: str, start: str = "") -> list[str]:
    """The overrides that Hydra noted in a file, those that begin with `start`; none without a note."""
    if not path.is_file():
        return []
    content = OmegaConf.to_container(OmegaConf.load(path))  # references in overrides stay as typed
    given = content.get("hydra", {}).get("overrides", {}).get(kind) or []
    return [override for override in given if override.lstrip("+").startswith(start)]
