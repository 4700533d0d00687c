"""What lies under `outputs/`, as a table on the terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bakeoff.report.wording import number
from bakeoff.store.sweeps import Sweep

WIDE = 200  # columns where no terminal sets a limit


def show_sweeps(sweeps: Sequence[Sweep], total: int) -> None:
    """Print a line for each sweep; `total` are the bytes of all, shared files counted once."""
    table = Table(box=None, header_style="bold")
    table.add_column("sweep", overflow="fold")
    table.add_column("date", no_wrap=True)
    table.add_column("runs", no_wrap=True)
    table.add_column("winner", overflow="fold")
    table.add_column("value", no_wrap=True)
    table.add_column("test", no_wrap=True)
    table.add_column("size", justify="right", no_wrap=True)
    for sweep in sweeps:
        table.add_row(*map(Text, cells(sweep)))  # names are anyone's text
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    console.print(table)
    console.print(f"{len(sweeps)} in all, {octets(total)} on disk", highlight=False)


def cells(sweep: Sweep) -> list[str]:
    """The cells of a sweep's line."""
    done = sweep.statuses["completed"]
    others = [
        f"{count} {status}" for status, count in sweep.statuses.items() if status != "completed"
    ]
    value = "-" if sweep.value is None else f"{sweep.metric} {number(sweep.value)}"
    return [
        sweep.name,
        f"{sweep.date:%Y-%m-%d %H:%M}",
        ", ".join([f"{done} of {sweep.planned}", *others]),
        "damaged" if sweep.is_damaged else sweep.winner or "-",
        value,
        "opened" if sweep.is_tested else "-",
        octets(sweep.octets),
    ]


def octets(count: int) -> str:
    """A number of bytes, in the unit that shows it."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= factor:
            return f"{count / factor:.1f} {unit}"
    return f"{count} B"
