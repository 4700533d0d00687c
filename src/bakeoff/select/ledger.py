"""The ledger: every opening of the test set by a sweep, chained by digests.

A line is written before the evaluation (`event` opening) and one after it (`event` result), so that
an evaluation that was cut short counts as an opening. Runs that the sweep trains after an opening have a
line too (`event` training): a selection among them came after the test set was seen. Each line holds the
digest of the line before it and of its own content: an edited, removed or truncated line is found on
reading.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bakeoff.errors import BakeoffError
from bakeoff.store import atomic
from bakeoff.store.digest import digest
from bakeoff.store.plain_file import read_bytes

LEDGER = "test_ledger.jsonl"
OPENING, RESULT, TRAINING = "opening", "result", "training"


def read_ledger(sweep_dir: Path) -> list[dict[str, Any]]:
    """The lines of a sweep's ledger, none without a file.

    Raises BakeoffError where a line is damaged or the chain is broken.
    """
    path = sweep_dir / LEDGER
    if not path.exists():
        return []
    lines, before = [], ""
    try:
        content = read_bytes(path).decode("utf-8", errors="replace")
    except OSError as error:
        raise BakeoffError(f"cannot read {_shown(path)}: {error.strerror}") from None
    for number, text in enumerate(content.splitlines(), start=1):
        try:
            line = json.loads(text)
            own = line["digest"]
            intact = _is_whole(line) and line["previous"] == before and own == _digest(line)
        except (ValueError, KeyError, TypeError, RecursionError):
            intact = False
        if not intact:
            raise BakeoffError(
                f"{_shown(path)}, line {number}: damaged or edited since bakeoff wrote it. Nobody can "
                "tell any more how often the test set was opened: restore the file from a copy"
            )
        lines.append(line)
        before = own
    if content and not content.endswith("\n"):
        raise BakeoffError(
            f"{_shown(path)} ends in the middle of a line: restore the file from a copy"
        )
    return lines


def _is_whole(line: dict[str, Any]) -> bool:
    runs = line["runs"] if line["event"] == TRAINING else [line["run"]]
    return isinstance(runs, list) and all(
        isinstance(text, str) for text in (line["time"], line["event"], *runs)
    )


def enter(sweep_dir: Path, event: str, entry: dict[str, Any]) -> None:
    """Append a line with the time, and flush it to the disk. Raises BakeoffError."""
    lines = read_ledger(sweep_dir)
    line = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "event": event,
        **entry,
        "previous": lines[-1]["digest"] if lines else "",
    }
    atomic.append_line(sweep_dir / LEDGER, json.dumps({**line, "digest": _digest(line)}))


def result_of(sweep_dir: Path, run_id: str | None) -> dict[str, Any] | None:
    """The line with the test result of a run; None where the test set has not been opened for it."""
    found = [
        line for line in read_ledger(sweep_dir) if line["event"] == RESULT and line["run"] == run_id
    ]
    return found[-1] if found else None


def is_opened(sweep_dir: Path) -> bool:
    """Whether this sweep has opened the test set. Raises BakeoffError where its ledger cannot be read."""
    return any(line["event"] == OPENING for line in read_ledger(sweep_dir))


def after_opening(sweep_dir: Path) -> str:
    """What was trained after this sweep had opened the test set, and which opening has left no
    result, in sentences; empty where nothing was.
    """
    lines = read_ledger(sweep_dir)
    opened = [line for line in lines if line["event"] == OPENING]
    later = [line for line in lines if line["event"] == TRAINING]
    told = {line["run"] for line in lines if line["event"] == RESULT}
    said = [
        f"This sweep opened the test set on {line['time'][:10]} for run {line['run']}: that evaluation has "
        "left no result."
        for line in {line["run"]: line for line in opened if line["run"] not in told}.values()
    ]
    if later:
        count = len({run for line in later for run in line["runs"]})
        runs = "1 run" if count == 1 else f"{count} runs"
        said.append(
            f"This selection came after an opening of the test set: this sweep opened it on "
            f"{opened[0]['time'][:10]}, and has trained {runs} since. Whoever chose them may have known "
            "that result."
        )
    return " ".join(said)


def _shown(path: Path) -> str:
    """The file by experiment and sweep: the report names it, and shows no place of this machine."""
    return "/".join(path.absolute().parts[-3:])


def _digest(line: dict[str, Any]) -> str:
    return digest({key: value for key, value in line.items() if key != "digest"})
