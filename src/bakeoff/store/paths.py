"""Where things are: configuration, experiments, sweeps and runs."""

import json
from pathlib import Path
from types import NoneType

from bakeoff.errors import BakeoffError, suggestion
from bakeoff.store.first_comment import first_sentence, table
from bakeoff.store.inside import inside
from bakeoff.store.plain_file import read_text

PACKAGE = Path(__file__).parents[1]
OUTPUTS = Path("outputs")
BASELINES = "baselines"  # the folder in a sweep for the records of its baselines
LATEST = "latest"
# What a user may give as SWEEP and as RUN.
SWEEP_FORMS = "a sweep's folder, latest, or EXPERIMENT/latest"
RUN_FORMS = "a run's folder, or a sweep: its folder, latest, EXPERIMENT/latest"


def conf_dir() -> Path:
    """The Hydra groups: packaged in a wheel, at the root of a checkout."""
    packaged = PACKAGE / "conf"
    return packaged if packaged.is_dir() else PACKAGE.parents[1] / "conf"


def built_in_experiments() -> Path:
    """The experiments that come with bakeoff."""
    packaged = PACKAGE / "experiments"
    return packaged if packaged.is_dir() else PACKAGE.parents[1] / "experiments"


def experiment_dirs() -> list[Path]:
    """The user's `experiments/`, then the ones that come with bakeoff."""
    built_in = built_in_experiments()
    own = Path("experiments").resolve()
    return [own, built_in] if own.is_dir() and own != built_in else [built_in]


def experiments() -> dict[str, Path]:
    """The file of each experiment by its name; the user's own take the place of others of their name."""
    files = [file for folder in reversed(experiment_dirs()) for file in folder.glob("*.yaml")]
    return dict(sorted({file.stem: file for file in files}.items()))


def experiment_dir(experiment: str) -> Path:
    """The folder that holds `<experiment>.yaml`. Raises BakeoffError that lists the experiments."""
    known = experiments()
    if experiment in known:
        return known[experiment].parent
    described = {name: first_sentence(file) for name, file in known.items()}
    folders = " or ".join(map(str, experiment_dirs()))
    near = suggestion(experiment, known, all_if_few=False) or "; there are"
    raise BakeoffError(
        "\n".join([f"no experiment {experiment!r} in {folders}{near}", *table(described)])
    )


def sweep_dir(sweep: str) -> Path:
    """The folder of a sweep given as a path, `latest` or `EXPERIMENT/latest`. Raises BakeoffError, also for
    the folder of an experiment, which holds sweeps.
    """
    folder = Path(sweep)
    if sweep == LATEST:
        folder = _newest(OUTPUTS.glob(f"*/{LATEST}"))
    elif not folder.exists() and (OUTPUTS / sweep).exists():
        folder = OUTPUTS / sweep
    link, folder = folder, folder.resolve()
    if link.is_symlink() and link.name == LATEST:
        outputs = link.parent.resolve().parent
        if not folder.is_relative_to(outputs):
            raise BakeoffError(
                f"{link} leads to {folder}: expected a sweep in {outputs}; remove this link"
            )
    if not folder.is_dir():
        known = [str(path.relative_to(OUTPUTS)) for path in OUTPUTS.glob(f"*/{LATEST}")]
        raise BakeoffError(
            f"no sweep at {sweep!r}: expected a sweep's folder, 'latest' or 'EXPERIMENT/latest'"
            f"{suggestion(sweep, known)}"
        )
    if folder.parent == OUTPUTS.resolve() and (folder / LATEST).is_symlink():
        raise BakeoffError(
            f"{sweep!r} is an experiment: expected one of its sweeps; the newest is {folder.name}/{LATEST}"
        )
    return folder


def run_dir(run: str) -> Path:
    """The folder of a run given by its path, or of the selected run of a sweep given as in `sweep_dir`.

    Raises BakeoffError where there is neither.
    """
    folder = sweep_dir(run)
    if (folder / "run.json").is_file():
        return folder
    try:
        board = json.loads(read_text(folder / "leaderboard.json"))
        selected = board["selected_run"]
        problems = board.get("problems", [])
        if not isinstance(selected, str | NoneType) or not isinstance(problems, list):
            raise TypeError
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise BakeoffError(
            f"{folder} holds neither a run (run.json) nor a sweep with its leaderboard: give the folder "
            f"of a run or of a finished sweep, 'latest' or 'EXPERIMENT/latest'{_newest_finished(folder)}"
        ) from None
    if selected is None:
        why = problems[0] if problems else "No run of this sweep completed."
        raise BakeoffError(f"{folder} has no selected run. {why}")
    return inside(folder, selected)


def _newest_finished(unfinished: Path) -> str:
    """The newest finished sweep beside an unfinished one, or else of all, in words; empty without any."""
    for boards in (
        unfinished.parent.glob("*/leaderboard.json"),
        OUTPUTS.glob("*/*/leaderboard.json"),
    ):
        found = [path.parent for path in boards if not path.parent.is_symlink()]
        if found:
            newest = max(found, key=lambda folder: folder.name)
            here = newest.relative_to(Path.cwd()) if newest.is_relative_to(Path.cwd()) else newest
            return f"; the newest finished sweep is {here}"
    return ""


def point_latest(folder: Path) -> None:
    """Let `<folder's parent>/latest` point to `folder`, replacing an older link in one step.

    Raises BakeoffError where something else has that name.
    """
    link = folder.parent / LATEST
    if link.exists() and not link.is_symlink():
        raise BakeoffError(
            f"{link} is no link: expected one to the newest sweep, or nothing: rename it"
        )
    temporary = folder.parent / f".{LATEST}.{folder.name}"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(folder.name, target_is_directory=True)
    temporary.replace(link)


def new_sweep_dir(experiment: str, stamp: str) -> Path:
    """Create `outputs/<experiment>/<stamp>` exclusively; a second one of the same name gets a suffix.

    Raises BakeoffError where the folder cannot be written.
    """
    parent = OUTPUTS / experiment
    try:
        parent.mkdir(parents=True, exist_ok=True)
        suffix = 1
        while True:
            folder = parent / (stamp if suffix == 1 else f"{stamp}-{suffix}")
            try:
                folder.mkdir()
            except FileExistsError:
                suffix += 1
            else:
                return folder
    except OSError as error:
        raise BakeoffError(
            f"cannot create a folder in {parent.resolve()}: {error.strerror}; free or allow that place, "
            "or work in another folder"
        ) from None


def given_sweep_dir(folder: Path) -> Path:
    """Create the folder that a user chose for a sweep. Raises BakeoffError where it cannot be written, or
    holds anything: two sweeps would overlay each other.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_empty = not any(folder.iterdir())
    except OSError as error:
        raise BakeoffError(
            f"hydra.sweep.dir={folder}: cannot create this folder: {error.strerror}; give another one"
        ) from None
    if not is_empty:
        raise BakeoffError(
            f"hydra.sweep.dir={folder}: this folder is not empty, and a sweep has its own: give a new one; "
            "bakeoff resume goes on with an earlier sweep"
        )
    return folder


def _newest(links) -> Path:
    found = sorted(links, key=lambda link: link.lstat().st_mtime)
    if not found:
        raise BakeoffError(
            f"no sweep in {OUTPUTS.resolve()} yet: run one first, e.g. bakeoff run localization"
        )
    return found[-1]
