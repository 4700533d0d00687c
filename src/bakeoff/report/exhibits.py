"""The pictures and tables that tasks exhibit, as a page shows them."""

import base64
import json
from pathlib import Path
from typing import Any

from bakeoff.errors import BakeoffError
from bakeoff.store.inside import inside
from bakeoff.store.plain_file import read_bytes
from bakeoff.store.record import RunRecord

PNG = b"\x89PNG\r\n\x1a\n"


def read_showcase(folder: Path, notes: list[str]) -> list[tuple[str, str]]:
    """The pictures of a folder, title and data URI; `notes` gets what cannot be shown."""
    pictures = []
    for path in sorted(folder.glob("*.png")):
        content = _content(folder, path, notes)
        if content is None:
            continue
        if not content.startswith(PNG):
            notes.append(f"showcase/{path.name} is not a PNG picture and is not shown.")
            continue
        uri = "data:image/png;base64," + base64.b64encode(content).decode()
        pictures.append((picture_title(path.stem), uri))
    return pictures


def _content(folder: Path, path: Path, notes: list[str]) -> bytes | None:
    """What a file of the folder holds; a report is passed on, so a link may not bring another into it."""
    try:
        return read_bytes(inside(folder.parent, f"{folder.name}/{path.name}"))
    except (OSError, BakeoffError):
        notes.append(f"{folder.name}/{path.name} is not a file of this folder and is not shown.")
        return None


def read_tables(folder: Path, notes: list[str]) -> list[tuple[str, dict[str, Any]]]:
    """The tables of a folder, title and columns, rows and note; `notes` gets what cannot be shown."""
    tables = []
    for path in sorted(folder.glob("*.json")):
        content = _content(folder, path, notes)
        if content is None:
            continue
        try:
            table = {"note": ""} | json.loads(content)
            width = len(table["columns"])
            damaged = any(len(row) != width for row in table["rows"])
        except (ValueError, TypeError, KeyError, RecursionError):
            damaged = True
        if damaged:
            notes.append(f"showcase/{path.name} is not a table and is not shown.")
        else:
            tables.append((picture_title(path.stem), table))
    return tables


def tables_of_runs(
    sweep_dir: Path, board: dict[str, Any], records: dict[str, RunRecord], notes: list[str]
) -> list[tuple[str, dict[str, Any]]]:
    """The tables of each candidate's best run, those of one title put together."""
    sign, joined = (-1 if board["direction"] == "max" else 1), {}
    for row in board["candidates"]:
        runs = [records[run] for run in row["runs"] if run in records]
        runs = [run for run in runs if run.status == "completed" and run.metric.value is not None]
        if not runs:
            continue
        best = min(runs, key=lambda run: sign * run.metric.value)
        value = f"{best.metric.value:.4g}"
        for title, table in read_tables(sweep_dir / best.id / "exhibits", notes):
            columns = ["candidate", board["metric"], *table["columns"]]
            whole = joined.setdefault(title, table | {"columns": columns, "rows": []})
            whole["rows"] += [[row["name"], value, *cells] for cells in table["rows"]]
    return list(joined.items())


def picture_title(stem: str) -> str:
    """Make a title of a file's name: `validation-mistakes` becomes `Validation: mistakes`."""
    first, *rest = stem.replace("_", "-").split("-")
    return f"{first.capitalize()}: {' '.join(rest)}" if rest else first.capitalize()
