"""The command that trains a run again."""

import shlex
from pathlib import Path

from omegaconf import OmegaConf

from bakeoff.record import RunRecord


def rebuild_command(run_dir: Path, run: RunRecord) -> str:
    """A line for a shell in the folder where the run was trained; with the search path that it was
    given, on which a model of the user's own is found.
    """
    seeded = any(override.lstrip("+").startswith("seed=") for override in run.overrides)
    overrides = [*run.overrides, *([] if seeded else [f"seed={run.seed}"])]
    words = ["--config-name", run.experiment, "hydra.mode=RUN", *_search_path(run_dir), *overrides]
    return f"bakeoff train {shlex.join(words)}"


def _search_path(run_dir: Path) -> list[str]:
    """The overrides of `hydra.searchpath` that Hydra noted in the run's folder; none without a note."""
    path = run_dir / ".hydra" / "hydra.yaml"
    if not path.is_file():
        return []
    given = OmegaConf.select(OmegaConf.load(path), "hydra.overrides.hydra", default=[])
    return [override for override in given if override.lstrip("+").startswith("hydra.searchpath=")]
