"""The commands that make a run or a sweep again."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from omegaconf import OmegaConf

from bakeoff.run.candidate import key_of
from bakeoff.store import plan_file
from bakeoff.store.record import RunRecord
from bakeoff.store.schema import fitted
from bakeoff.store.yaml_file import read_yaml

SINGLE = "config"  # the primary config of single runs and free multiruns
MEND = "restore it, or remove it: only commands that repeat a sweep are made of it"


@dataclass(frozen=True)
class Overrides:
    """The overrides that a command was given: of Hydra's own settings, and of the rest."""

    hydra: list[str] | None = None
    task: list[str] | None = None


@dataclass(frozen=True)
class JobNotes:
    """The primary config of a command."""

    config_name: str | None = None


@dataclass(frozen=True)
class HydraNotes:
    """What is read of Hydra's own settings, in `multirun.yaml` and `.hydra/hydra.yaml`."""

    overrides: Overrides = field(default_factory=Overrides)
    job: JobNotes = field(default_factory=JobNotes)


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


def sweep_name(sweep_dir: Path) -> str:
    """A sweep as commands take it, EXPERIMENT/FOLDER; nothing in it tells of the machine."""
    folder = sweep_dir.resolve()
    return f"{folder.parent.name}/{folder.name}"


def extension_command(sweep_dir: Path, experiment: str) -> str:
    """A line for a shell that extends a sweep by overrides that are added at its end; for a sweep without a
    plan, one that makes it again.
    """
    if (sweep_dir / plan_file.FILE_NAME).is_file():
        return f"bakeoff extend {shlex.quote(sweep_name(sweep_dir))}"
    return seedless_command(sweep_dir, experiment)


def extension_commands(sweep_dir: Path) -> str:
    """The lines for a shell by which a sweep was extended, in their order; empty where it was not."""
    if not (sweep_dir / plan_file.FILE_NAME).is_file():
        return ""
    start = extension_command(sweep_dir, "")
    lines = [f"{start} {overrides}" for overrides in plan_file.read(sweep_dir).extensions]
    return "\n".join(lines)


def seedless_command(sweep_dir: Path, experiment: str) -> str:
    """As `sweep_command`, without the seeds that were given: others can be added at its end."""
    words = _sweep_words(sweep_dir, experiment)
    return shlex.join(word for word in words if key_of(word) != "seed")


def _sweep_words(sweep_dir: Path, experiment: str) -> list[str]:
    noted = _noted(sweep_dir / "multirun.yaml")
    name = noted.job.config_name or experiment
    # What was trained from the primary config of single runs is no experiment that `run` knows.
    start = ["train", "-m"] if name == SINGLE else ["run", experiment]
    given = noted.overrides
    return ["bakeoff", *start, *_search_paths(given.hydra), *(given.task or ())]


def _search_path(run_dir: Path) -> list[str]:
    return _search_paths(_noted(run_dir / ".hydra" / "hydra.yaml").overrides.hydra)


def _search_paths(overrides: Sequence[str] | None) -> list[str]:
    return [o for o in overrides or () if o.lstrip("+").startswith("hydra.searchpath=")]


def _noted(path: Path) -> HydraNotes:
    """Hydra's own settings in a file; those of nothing without the file. Raises BakeoffError where the file
    is damaged.
    """
    if not path.exists():
        return HydraNotes()
    content = OmegaConf.to_container(read_yaml(path, ("hydra",), MEND))  # references stay as typed
    return fitted(HydraNotes, content["hydra"], str(path), "a file of Hydra's settings")
