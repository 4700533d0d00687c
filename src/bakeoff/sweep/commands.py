"""The commands that make a run or a sweep again."""

import shlex
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

from bakeoff.run.candidate import key_of
from bakeoff.store.record import RunRecord

SINGLE = "config"  # the primary config of single runs and free multiruns


def rebuild_command(run_dir: Path, run: RunRecord) -> str:
    """A line for a shell in the folder where the run was trained; with the search path that it was
    given, on which a model of the user's own is found.
    """
    seeded = any(key_of(override) == "seed" for override in run.overrides)
    overrides = [*run.overrides, *([] if seeded else [f"seed={run.seed}"])]
    words = ["--config-name", run.experiment, "hydra.mode=RUN", *_search_path(run_dir), *overrides]
    return f"bakeoff train {shlex.join(words)}"


def sweep_command(sweep_dir: Path, experiment: str) -> str:
    """A line for a shell that makes the whole sweep again, with the overrides that it was given."""
    return shlex.join(_sweep_words(sweep_dir, experiment))


def seedless_command(sweep_dir: Path, experiment: str) -> str:
    """As `sweep_command`, without the seeds that were given: others can be added at its end."""
    words = _sweep_words(sweep_dir, experiment)
    return shlex.join(word for word in words if key_of(word) != "seed")


def _sweep_words(sweep_dir: Path, experiment: str) -> list[str]:
    path = sweep_dir / "multirun.yaml"
    name = _noted(path, "job").get("config_name", experiment)
    # What was trained from the primary config of single runs is no experiment that `run` knows.
    start = ["train", "-m"] if name == SINGLE else ["run", experiment]
    given = [*_given(path, "hydra", "hydra.searchpath="), *_given(path, "task")]
    return ["bakeoff", *start, *given]


def _search_path(run_dir: Path) -> list[str]:
    return _given(run_dir / ".hydra" / "hydra.yaml", "hydra", "hydra.searchpath=")


def _given(path: Path, kind: str, start: str = "") -> list[str]:
    """The overrides that Hydra noted in a file, those that begin with `start`; none without a note."""
    given = _noted(path, "overrides").get(kind) or []
    return [override for override in given if override.lstrip("+").startswith(start)]


def _noted(path: Path, section: str) -> dict[str, Any]:
    """A section of Hydra's own settings in a file; empty without the file or the section."""
    if not path.is_file():
        return {}
    content = OmegaConf.to_container(OmegaConf.load(path))  # references in overrides stay as typed
    return content.get("hydra", {}).get(section) or {}
