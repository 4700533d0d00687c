"""Names of a sweep's runs for people to read, where directories are named by ids."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from bakeoff.identity.run_name import run_name, short_keys
from bakeoff.store import plan_file, record
from bakeoff.store.plan_file import PlannedJob
from bakeoff.store.record import RunRecord
from bakeoff.sweep.compose.names import told_apart


def run_names(sweep_dir: Path) -> dict[Path, str]:
    """The name of each run, by its directory: candidate and seed, as in `lenet5-deep lr=0.003 seed=1`.

    `sweep_dir` is a sweep or a single run. Names are those of the plan, and where there is none, as in a
    search that chooses its settings while it runs, those of the records that exist. All names differ,
    and each can name a file.
    """
    if (sweep_dir / record.FILE_NAME).is_file():
        [name] = readable([record.read(sweep_dir)]).values()
        return {sweep_dir: name}
    if (sweep_dir / plan_file.FILE_NAME).is_file():
        runs: Sequence[PlannedJob | RunRecord] = plan_file.read(sweep_dir).jobs
        return {sweep_dir / id_: name for id_, name in readable(runs).items()}
    records = {path.parent: record.read(path.parent) for path in _records(sweep_dir)}
    names = readable(records.values())
    return {run_dir: names[run.id] for run_dir, run in records.items()}


def readable(runs: Iterable[PlannedJob | RunRecord]) -> dict[str, str]:
    """A name for each run, by its id."""
    runs = list(runs)
    shorter = short_keys(run.candidate for run in runs)
    return told_apart({run.id: run_name(run, shorter) for run in runs})


def _records(sweep_dir: Path) -> list[Path]:
    return sorted(sweep_dir.glob(f"*/{record.FILE_NAME}"))
