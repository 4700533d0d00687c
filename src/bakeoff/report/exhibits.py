"""The pictures and tables that tasks exhibit, as a page shows them."""

import base64
import json
from pathlib import Path
from typing import Any

from bakeoff.store.record import RunRecord

PNG = b"\x89PNG\r\n\x1a\n"


def read_showcase(folder: Path, notes: list[str]) -> list[tuple[str, str]]:
    """The pictures of a folder, title and data URI; `notes` gets what cannot be shown."""
    pictures = []
    for path in sorted(folder.glob("*.png")):
        content = path.read_bytes()
        if not content.startswith(PNG):
            notes.append(f"showcase/{path.name} is not a PNG picture and is not shown.")
            continue
        uri = "data:image/png;base64," + base64.b64encode(content).decode()
        pictures.append((picture_title(path.stem), uri))
    return pictures


def read_tables(folder: Path, notes: list[str]) -> list[tuple[str, dict[str, Any]]]:
    """The tables of a folder, title and columns, rows and note; `notes` gets what cannot be shown."""
    tables = []
    for path in sorted(folder.glob("*.json")):
        try:
            table = {"note": ""} | json.loads(path.read_text(encoding="utf-8"))
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
