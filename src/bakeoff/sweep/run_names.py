"""Names of a sweep's runs for people to read, where directories are named by ids."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bakeoff.run.run_id import REPLICATE_KEYS
from bakeoff.store import plan_file, record
from bakeoff.store.plan_file import PlannedJob
from bakeoff.store.record import RunRecord
from bakeoff.sweep.names import told_apart

LONGEST = 120  # letters; file systems allow names of 255 bytes
DOTTED = re.compile(r"(?<!\S)((?:\w+\.)+)(\w+)(?==)")  # a dotted key at the start of a word


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
    names = {
        run.id: _fit_for_files(f"{_shortened(run.candidate, shorter)} {_replicate(run)}")
        for run in runs
    }
    return told_apart(names)


def short_keys(candidates: Iterable[str]) -> dict[str, str]:
    """The last part of each dotted key in the names of candidates, where no two keys end alike."""
    keys = {"".join(found) for name in candidates for found in DOTTED.findall(name)}
    last = {key: key.rpartition(".")[2] for key in keys}
    count = Counter(last.values())
    return {key: short for key, short in last.items() if count[short] == 1}


def _shortened(candidate: str, shorter: Mapping[str, str]) -> str:
    return DOTTED.sub(lambda found: shorter.get(found[0], found[0]), candidate)


def _replicate(run: PlannedJob | RunRecord) -> str:
    """What tells a run from the others of its candidate."""
    others = set(REPLICATE_KEYS) - {"seed"}
    given = [override.lstrip("+").partition("=") for override in run.overrides]
    words = [f"{key.rpartition('.')[2]}={value}" for key, _, value in given if key in others]
    return " ".join([*words, f"seed={run.seed}"])


def _fit_for_files(name: str) -> str:
    clean = re.sub(r"[/\\\x00-\x1f]", "-", name).lstrip(".")
    if len(clean) <= LONGEST:
        return clean
    half = LONGEST // 2
    return f"{clean[:half]}…{clean[-half:]}"


def _records(sweep_dir: Path) -> list[Path]:
    return sorted(sweep_dir.glob(f"*/{record.FILE_NAME}"))
