"""Whether a job still does something, seen from outside."""

import os
import time
from pathlib import Path

WATCHED = (".", "checkpoints")  # folders in a run's directory
LOOK_S = 1.0


class Stall:
    """Looks at a run's directory: a job that works changes a file there, and be it its `progress.json`,
    every few seconds.
    """

    def __init__(self, run_dir: Path, minutes: float | None) -> None:
        self._run_dir = run_dir
        self._seconds = float("inf") if minutes is None else 60 * minutes
        self._seen: object = None
        self._changed = self._looked = time.monotonic()

    def is_over(self) -> bool:
        """Whether nothing has changed for so many minutes."""
        now = time.monotonic()
        if now - self._looked >= min(LOOK_S, self._seconds):
            self._looked, found = now, _state(self._run_dir)
            if found != self._seen:
                self._seen, self._changed = found, now
        return now - self._changed >= self._seconds


def _state(run_dir: Path) -> list[tuple[str, int, int]]:
    """Names, times and sizes of the files."""
    found = []
    for folder in WATCHED:
        try:
            with os.scandir(run_dir / folder) as entries:
                stats = [(entry.name, entry.stat()) for entry in entries]
        except OSError:  # not there yet, or replaced at this moment
            continue
        found += [(name, stat.st_mtime_ns, stat.st_size) for name, stat in stats]
    return sorted(found)
