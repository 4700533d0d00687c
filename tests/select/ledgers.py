"""Ledgers for tests."""

from pathlib import Path
from typing import Any

from bakeoff.select.ledger import OPENING, RESULT, enter


def opened(sweep: Path, run: str = "r1", test: str = "t1", **more: Any) -> None:
    """A sweep that has opened the test set for a run."""
    sweep.mkdir(parents=True, exist_ok=True)
    entry = {"run": run, "test_fingerprint": test}
    enter(sweep, OPENING, {**entry, **more})
    enter(sweep, RESULT, {**entry, "result": {"accuracy": 0.5}})
