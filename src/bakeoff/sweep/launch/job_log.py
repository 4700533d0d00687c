"""The file with everything that a job prints, kept from growing without bound."""

import os
import sys
from pathlib import Path
from typing import Any

from bakeoff.store.masking import MaskedStream

NAME = "output.log"  # in the job's directory
LONGEST = 10_000_000  # bytes
KEPT = 1_000_000  # bytes of the beginning, and of the end, of a log that has grown longer
CUT = b"\n[... output left out ...]\n"


def redirect_output(run_dir: Path) -> None:
    """Send what this process and its children print to the log in `run_dir`, which is made; what Python
    prints is masked.
    """
    run_dir.mkdir(parents=True, exist_ok=True)
    log = os.open(run_dir / NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    sys.stdout, sys.stderr = _masked(sys.stdout), _masked(sys.stderr)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)


def _masked(stream: Any) -> Any:
    return stream if stream is None or isinstance(stream, MaskedStream) else MaskedStream(stream)


def cut_middle(run_dir: Path, longest: int = LONGEST, kept: int = KEPT) -> None:
    """Keep the first and last `kept` bytes of the log in `run_dir` where it is longer than `longest`.

    The job may be writing: its next lines are appended, but a line that it writes at this very moment
    can be lost. Without a log, or where it cannot be changed, nothing happens.
    """
    try:
        with (run_dir / NAME).open("r+b") as file:
            size = file.seek(0, os.SEEK_END)
            if size <= longest:
                return
            file.seek(size - kept)
            end = file.read()
            file.truncate(kept)
            file.seek(kept)
            file.write(CUT + end)
    except OSError:
        return
