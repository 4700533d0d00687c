"""The progress of long work on many things, for a person who waits."""

import sys
from collections.abc import Iterable
from typing import TypeVar

from rich.console import Console
from rich.progress import track

Item = TypeVar("Item")


def tracked(items: Iterable[Item], what: str, count: int | None = None) -> Iterable[Item]:
    """The `items`; while the caller works on them, a progress bar named `what` is drawn on standard error
    where that is a terminal. `count` is the number of items, where `len` does not say it.
    """
    return track(
        items,
        what,
        count,
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
