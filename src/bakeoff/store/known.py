"""The names of the sweeps and runs that there are, as a user may type them."""

from pathlib import Path

from bakeoff.store import paths, plan_file, record


def sweeps() -> list[str]:
    """`latest`, each EXPERIMENT/latest, then each EXPERIMENT/FOLDER, the newest first."""
    return _named(paths.OUTPUTS.glob(f"*/*/{plan_file.FILE_NAME}"))


def runs(typed: str) -> list[str]:
    """As `sweeps`, those that are finished; single runs; and the runs of the sweep that is typed."""
    finished = [*paths.OUTPUTS.glob("*/*/leaderboard.json")]
    single = [*paths.OUTPUTS.glob(f"*/*/{record.FILE_NAME}")]
    sweep = typed.rpartition("/")[0]
    within = (
        [*(paths.OUTPUTS / sweep).glob(f"*/{record.FILE_NAME}")] if sweep.count("/") == 1 else []
    )
    return [*_named([*finished, *single]), *(_name(file) for file in within)]


def _named(files) -> list[str]:
    folders = sorted((file.parent for file in files), key=lambda folder: folder.name, reverse=True)
    names = [str(folder.relative_to(paths.OUTPUTS)) for folder in folders]
    links = [name for name in names if Path(name).name == paths.LATEST]
    return [
        *([paths.LATEST] if links else []),
        *links,
        *(name for name in names if name not in links),
    ]


def _name(file: Path) -> str:
    return str(file.parent.relative_to(paths.OUTPUTS))
