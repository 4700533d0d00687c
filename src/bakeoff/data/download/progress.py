"""The progress of a long download, for a person who waits."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from bakeoff.data.catalog import RemoteFile

BAR_AFTER_S = 2


@contextmanager
def bar(file: RemoteFile, start: int) -> Iterator[Callable[[int], None]]:
    """Give a function that is told the position, in bytes, and draws a progress bar on a terminal.

    A short download draws nothing.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    task = progress.add_task(file.path, total=file.size, completed=start)
    begun = monotonic()

    def show(position: int) -> None:
        progress.update(task, completed=position)
        if monotonic() - begun > BAR_AFTER_S and sys.stderr.isatty():
            progress.start()

    try:
        yield show
    finally:
        if progress.live.is_started:  # otherwise stopping it would print an empty line
            progress.stop()
