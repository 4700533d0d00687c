"""`bakeoff data`: what there is, fetching it, checking what was fetched."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from bakeoff.data import catalog
from bakeoff.data.download.fetch import fetch_all, judge_all
from bakeoff.errors import BakeoffError


def show() -> None:
    """Print the catalog: every data set, then its files with size and SHA-256."""
    console = Console()
    table = Table("name", "size", "licence", "what", box=None, header_style="bold")
    for dataset in catalog.CATALOG.values():
        size = "embedded" if dataset.embedded else _size(dataset.size)
        table.add_row(dataset.name, size, dataset.licence, dataset.description)
    console.print(table)
    for dataset in catalog.CATALOG.values():
        for file in dataset.files:
            console.print(f"{file.sha256}  {file.path}", soft_wrap=True, highlight=False)


def fetch(name: str, root: Path) -> None:
    """Download a data set and print its paths. Raises BakeoffError."""
    dataset = catalog.find(name)
    if dataset.embedded:
        print(f"{name} is embedded: nothing to download")
    for path in fetch_all(dataset, root).values():
        print(path)


def verify(root: Path) -> None:
    """Print the state of every file. Raises BakeoffError where one is damaged."""
    damaged = []
    for dataset in catalog.CATALOG.values():
        for file, status in judge_all(dataset, root):
            print(f"{status:>8}  {root / file.path}")
            if status == "damaged":
                damaged.append(dataset.name)
    if damaged:
        names = ", ".join(dict.fromkeys(damaged))
        raise BakeoffError(f"damaged files: fetch them again with bakeoff data fetch {names}")


def _size(octets: int) -> str:
    return f"{octets / 1e6:.1f} MB" if octets >= 1e5 else f"{octets / 1e3:.0f} kB"
