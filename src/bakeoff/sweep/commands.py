"""The commands that make a run or a sweep again."""

import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from omegaconf import OmegaConf

from bakeoff.identity.candidate import key_of
from bakeoff.store import paths, plan_file
from bakeoff.store.plan_file import SINGLE
from bakeoff.store.record import RunRecord
from bakeoff.store.schema import fitted
from bakeoff.store.yaml_file import read_yaml

# A command that makes a sweep anew sets them itself.
PLACE_AND_MODE = ("hydra.sweep.dir", "hydra.run.dir", "hydra.mode")
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
class Source:
    """A place on the search path of configs, and who put it there."""

    provider: str
    path: str


@dataclass(frozen=True)
class RuntimeNotes:
    """Where configs were searched for."""

    config_sources: list[Source] = field(default_factory=list)


@dataclass(frozen=True)
class HydraNotes:
    """What is read of Hydra's own settings, in `multirun.yaml` and `.hydra/hydra.yaml`."""

    overrides: Overrides = field(default_factory=Overrides)
    job: JobNotes = field(default_factory=JobNotes)
    runtime: RuntimeNotes = field(default_factory=RuntimeNotes)


def rebuild_command(run_dir: Path, run: RunRecord) -> str:
    """A line for a shell in the folder where the run was trained; with the folders that it was given, in
    which a config or a model of the user's own is found.
    """
    noted = _noted(run_dir / ".hydra" / "hydra.yaml")
    name = noted.job.config_name or run.experiment
    primary = [] if name == SINGLE else ["--config-name", name]
    seeded = any(key_of(override) == "seed" for override in run.overrides)
    overrides = [*run.overrides, *([] if seeded else [f"seed={run.seed}"])]
    found = [*_config_dir(noted), *primary, "hydra.mode=RUN", *_search_paths(noted.overrides.hydra)]
    return f"bakeoff train {shlex.join([*found, *overrides])}"


def sweep_command(sweep_dir: Path, experiment: str) -> str:
    """A line for a shell that makes the whole sweep again, with the overrides that it was given."""
    return shlex.join(_sweep_words(sweep_dir, experiment))


def sweep_name(sweep_dir: Path) -> str:
    """A sweep as commands take it: EXPERIMENT/FOLDER, or the path to a folder that the user chose below the
    current one; nothing in it tells of the machine.
    """
    folder, here = sweep_dir.resolve(), Path.cwd()
    if folder.is_relative_to(here) and not folder.is_relative_to(paths.OUTPUTS.resolve()):
        return str(folder.relative_to(here))
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


def resume_command(sweep_dir: Path, failed: bool = False) -> str:
    """A line for a shell that trains what is missing of a sweep, or its `failed` runs too."""
    place = os.path.relpath(sweep_dir)
    return shlex.join(["bakeoff", "resume", place, *(["--failed"] if failed else [])])


def _sweep_words(sweep_dir: Path, experiment: str) -> list[str]:
    noted = _noted(sweep_dir / "multirun.yaml")
    name = noted.job.config_name or experiment
    # What was trained from the primary config of single runs is no experiment that `run` knows.
    start = ["train", "-m"] if name == SINGLE else ["run", experiment]
    given = noted.overrides
    settings = [line for line in given.hydra or () if key_of(line) not in PLACE_AND_MODE]
    return ["bakeoff", *start, *_config_dir(noted), *settings, *(given.task or ())]


def _config_dir(noted: HydraNotes) -> list[str]:
    """The option for the folder of the primary config, where bakeoff does not find it by itself."""
    sources = noted.runtime.config_sources
    known = [paths.conf_dir().resolve(), *(folder.resolve() for folder in paths.experiment_dirs())]
    for folder in (Path(one.path) for one in sources if one.provider == "command-line"):
        if folder.resolve() not in known:
            here = Path.cwd()
            short = folder.relative_to(here) if folder.is_relative_to(here) else folder
            return ["--config-dir", str(short)]
    return []


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
