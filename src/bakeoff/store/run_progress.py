"""`progress.json`: how far a run is, while it trains."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from bakeoff.store.plain_file import read_text

FILE_NAME = "progress.json"


@dataclass(frozen=True)
class RunProgress:
    """`epochs` has a fraction: 2.5 is the middle of the third. The rate and the seconds left are those of
    the process that trains, None while it does not know them.
    """

    epochs: float
    samples_per_second: float | None
    seconds_left: float | None

    def write(self, run_dir: Path) -> None:
        """Replace the file in one step. Nothing happens where that fails: no run depends on it."""
        temporary = run_dir / f".{FILE_NAME}"
        with suppress(OSError):
            temporary.write_text(json.dumps(asdict(self)), encoding="utf-8")
            temporary.replace(run_dir / FILE_NAME)

    @classmethod
    def read(cls, run_dir: Path) -> Self | None:
        """What the file says; None where there is none that can be read."""
        try:
            content = json.loads(read_text(run_dir / FILE_NAME))
            epochs, *others = (content[name] for name in cls.__dataclass_fields__)
            return cls(
                float(epochs), *(None if value is None else float(value) for value in others)
            )
        except (OSError, ValueError, TypeError, KeyError):
            return None


def remove(run_dir: Path) -> None:
    """Take the file away where there is one."""
    for name in (FILE_NAME, f".{FILE_NAME}"):
        with suppress(OSError):
            (run_dir / name).unlink(missing_ok=True)
