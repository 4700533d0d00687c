"""Openings of the same test data before that of a sweep: by other sweeps, and for an earlier selection.

What other sweeps had opened is looked for beside a sweep, and entered in its own ledger when it opens the
test set: a copy of the sweep tells of it wherever the copy lies.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bakeoff.errors import BakeoffError
from bakeoff.select.ledger import LEDGER, OPENING, RESULT, read_ledger
from bakeoff.store import paths

KEPT = ("sweep", "time", "run", "candidate", "digest")


def known_now(sweep_dir: Path, test_fingerprint: str) -> list[dict[str, Any]]:
    """What a ledger keeps of the openings elsewhere that are known at an opening."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return [
        {key: line[key] for key in KEPT if key in line}
        for line in openings_elsewhere(sweep_dir, test_fingerprint, now)
    ]


def openings_elsewhere(sweep_dir: Path, test_fingerprint: str, before: str) -> list[dict[str, Any]]:
    """The openings of the same test data by other sweeps, earlier than the time `before`, oldest first: the
    ledger's lines, and `sweep`, the folder of each.

    Sweeps are looked for where this one lies, `outputs/<experiment>/<sweep>`, and in `outputs/` of the
    working folder, where `hydra.sweep.dir` may have put this one elsewhere; what they and this one had
    found when they opened the test set counts too. Of copies of a sweep an opening counts once, and not at
    all where this sweep is one. A ledger that cannot be read counts as one opening, with an `error` in
    place of what it holds.
    """
    own = read_ledger(sweep_dir)
    found, damaged = _remembered(own, test_fingerprint), []
    for folder in _neighbours(sweep_dir):
        name = _name(folder)
        try:
            lines = read_ledger(folder)
        except BakeoffError as error:
            damaged.append({"sweep": name, "time": "", "run": None, "error": str(error)})
            continue
        found += _remembered(lines, test_fingerprint)
        found += [{"sweep": name, **line} for line in _openings(lines, test_fingerprint)]
    ours = {line["digest"] for line in own}
    once = {line["digest"]: line for line in reversed(found)}
    earlier = [one for key, one in once.items() if key not in ours and one["time"] < before]
    return sorted([*earlier, *damaged], key=lambda line: (line["time"], line["sweep"]))


def earlier_selections(sweep_dir: Path, run_id: str) -> list[dict[str, Any]]:
    """The openings of the test set by this sweep for other runs, before the result of `run_id`: a later
    selection was made by people who knew these results. Lines as those of `openings_elsewhere`.
    """
    lines = read_ledger(sweep_dir)
    end = max(
        (at for at, line in enumerate(lines) if line["event"] == RESULT and line["run"] == run_id),
        default=len(lines),
    )
    together = lines[end].get("together", []) if end < len(lines) else []
    name = _name(sweep_dir.resolve())
    return [
        {"sweep": name, **line}
        for line in lines[:end]
        if line["event"] == OPENING and line["run"] != run_id
        # Others that the test set was opened for at the same time are no earlier selection.
        if not together or line.get("together") != together
    ]


def _openings(lines: Iterable[dict[str, Any]], test_fingerprint: str) -> list[dict[str, Any]]:
    return [
        line
        for line in lines
        if line["event"] == OPENING and line.get("test_fingerprint") == test_fingerprint
    ]


def _remembered(lines: Iterable[dict[str, Any]], test_fingerprint: str) -> list[dict[str, Any]]:
    """What the openings of a ledger knew of others; an earlier version's ledger knew nothing."""
    return [one for line in _openings(lines, test_fingerprint) for one in line.get("known", [])]


def _neighbours(sweep_dir: Path) -> Iterator[Path]:
    own = sweep_dir.resolve()
    places = [
        (own.parents[1], "*/*"),
        (paths.OUTPUTS.resolve(), "*/*"),
        (paths.OUTPUTS.resolve(), "*"),
    ]
    found = {path.parent for place, depth in places for path in place.glob(f"{depth}/{LEDGER}")}
    for folder in sorted(found):
        if not folder.is_symlink() and folder.resolve() != own:
            yield folder


def _name(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"
