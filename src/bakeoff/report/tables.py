"""The tables of the page: their rows, columns and script."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from importlib import resources
from statistics import fmean, stdev
from typing import Any

from bakeoff.report.evidence import OPTIONAL_ROW, Evidence
from bakeoff.report.wording import decimals, duration, size, thousands

MOST_STILL = 12  # rows of a table that needs no sorting and no filter

# The table of costs: the cost, its heading, how it is written.
COST_COLUMNS = [
    ("multiply_adds", "Multiply-adds", thousands),
    ("train_seconds", "Training", duration),
    ("seconds_to_best", "To the best epoch", duration),
    ("samples_per_second", "Samples / s", thousands),
    ("latency_seconds", "One prediction", duration),
    ("batch_latency_seconds", "A batch", duration),
    ("peak_memory_bytes", "Peak memory", size),
    ("checkpoint_bytes", "Checkpoint", size),
]
SLOWEST = {"latency_seconds": "latency_p95", "batch_latency_seconds": "batch_latency_p95"}


def table_script(rows: int) -> dict[str, str]:
    """The script that sorts and filters tables of so many rows, and the hash by which the page's policy
    lets it run; both empty where the tables need none.
    """
    if rows <= MOST_STILL:
        return {"script": "", "script_hash": ""}
    script = resources.files("bakeoff.report").joinpath("templates/table.js").read_text("utf-8")
    digest = hashlib.sha256(script.encode()).digest()
    return {"script": script, "script_hash": f"sha256-{base64.b64encode(digest).decode()}"}


def baseline_table(board: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The baselines as rows of the leaderboard's table."""
    known = {"baseline": True, "rank": None, "ci95": None, "note": ""}
    return [OPTIONAL_ROW | known | row for row in board["baselines"]]


def shared_overrides(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The overrides that all of several candidates have, in the order of the first."""
    if len(rows) < 2:
        return []
    return [o for o in rows[0]["overrides"] if all(o in row["overrides"] for row in rows)]


def own_overrides(row: Mapping[str, Any], shared: Sequence[str]) -> list[str]:
    """The overrides of a candidate that neither its name nor the list of shared ones tells."""
    told = {*shared, *row["name"].split(" "), *row["name"].split(",")}
    return [o for o in row["overrides"] if not {o, o.removeprefix("model=")} & told]


def metric_table(evidence: Evidence, first: str) -> list[dict[str, Any]]:
    """Average every validation metric over a candidate's completed runs; `first` comes first."""
    values: dict[str, dict[str, list[float]]] = {}  # metric -> candidate -> values
    for row in evidence.candidates:
        for run in evidence.runs(row):
            for name, value in run.metrics.items() if run.status == "completed" else ():
                if value is not None:
                    cells = values.setdefault(name.removeprefix("val/"), {})
                    cells.setdefault(row["name"], []).append(value)
    columns = []
    for name in sorted(values, key=lambda name: (name != first, name)):
        means = {candidate: fmean(found) for candidate, found in values[name].items()}
        stds = {c: stdev(found) for c, found in values[name].items() if len(found) > 1}
        digits = decimals(means.values(), stds.values())
        columns.append({"name": name, "means": means, "stds": stds, "digits": digits})
    return columns


def cost_columns(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, Any]]:
    """The columns of the costs that a row has."""
    return [column for column in COST_COLUMNS if any(row["costs"].get(column[0]) for row in rows)]
