"""What tests of launchers elsewhere share: a sweep that takes a while, its processes and its numbers."""

from collections.abc import Iterator
from pathlib import Path

from bakeoff.store import record

LONG = ("trainer.max_epochs=12", "data.sizes.train=1500")


def descendants(process: int) -> Iterator[int]:
    """The processes that a process has started, and theirs."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has just ended
            continue
        if parent == process:
            yield int(stat.parent.name)
            yield from descendants(int(stat.parent.name))


def output_of(process: int) -> Path | None:
    """The file that a process prints to, if it prints to one and lives."""
    try:
        return Path(f"/proc/{process}/fd/1").readlink()
    except OSError:
        return None


def numbers(sweep: Path) -> dict:
    return {
        run.id: (run.status, run.metric, run.metrics, run.epochs) for run in record.read_all(sweep)
    }
