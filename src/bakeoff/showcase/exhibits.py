"""What a sweep shows of its selected run: pictures and tables, each in a file of its own."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from PIL import Image

from bakeoff.store import atomic

Cell = str | float | int


@dataclass(frozen=True)
class Table:
    """Rows of cells under `columns`; `note` says how to read it."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


Exhibit = Image.Image | Table


def write_exhibit(stem: Path, exhibit: Exhibit) -> None:
    """Write `<stem>.png` or `<stem>.json`."""
    if isinstance(exhibit, Table):
        atomic.write_json(stem.with_name(f"{stem.name}.json"), asdict(exhibit))
    else:
        path = stem.with_name(f"{stem.name}.png")
        atomic.write_with(path, lambda file: exhibit.save(file, "PNG"))
