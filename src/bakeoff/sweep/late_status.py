"""What a long check is at, said on the terminal only once it takes a while."""

import time
from collections.abc import Collection, Iterator
from typing import TypeVar

from rich.status import Status

from bakeoff.sweep.progress import Terminal

SILENT_S = 2.0
T = TypeVar("T")


class LateStatus:
    """Says from SILENT_S seconds on how far the loops of a check are: in a line that is replaced; in one
    line alone where standard error is no terminal.
    """

    def __init__(self) -> None:
        self._terminal = Terminal()
        self._silent_until = time.monotonic() + SILENT_S
        self._status: Status | None = None
        self._depth = 0  # of loops within loops
        self._is_said = False

    def each(self, items: Collection[T], what: str) -> Iterator[T]:
        """The items, of each of which `what` is checked until the next one is asked for."""
        self._depth += 1
        try:
            for number, item in enumerate(items, start=1):
                if time.monotonic() >= self._silent_until:
                    self._say(f"checking {what}: {number:,} of {len(items):,}")
                yield item
        finally:
            self._depth -= 1
            if self._depth == 0 and self._status is not None:
                self._status.stop()
                self._status = None

    def _say(self, text: str) -> None:
        if self._terminal.is_terminal:
            if self._status is None:
                self._status = self._terminal.status(text)
                self._status.start()
            self._status.update(text)
        elif not self._is_said:
            self._is_said = True
            self._terminal.print(text, highlight=False)
