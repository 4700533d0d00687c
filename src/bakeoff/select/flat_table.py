"""The leaderboard as CSV: a line for each candidate, then one for each baseline."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from bakeoff.select.costs import MEASURED
from bakeoff.store.printable import printable

FORMULA = ("=", "+", "-", "@", "\t", "\n")


def csv_text(
    candidates: Sequence[Mapping[str, Any]], baselines: Sequence[Mapping[str, Any]]
) -> str:
    """The rows as CSV, with the columns of a candidate; `role` tells candidates and baselines apart. One
    candidate or more.
    """
    rows = [{**_flat(row), "role": "candidate", "note": ""} for row in candidates]
    rows += [{**_joined(row), "role": "baseline"} for row in baselines]
    table = io.StringIO()
    writer = csv.DictWriter(table, list(rows[0]), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
    return table.getvalue()


def _cell(value: Any) -> Any:
    """A cell of a CSV file; a text that a spreadsheet would take for a formula is marked as text."""
    if not isinstance(value, str):
        return value
    value = printable(value)
    return f"'{value}" if value.startswith(FORMULA) else value


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A candidate in cells: intervals as two, lists and counts as words."""
    flat = _joined(row)
    flat["ci95_low"], flat["ci95_high"] = flat.pop("ci95") or (None, None)
    flat["to_best_low"], flat["to_best_high"] = flat.pop("to_best") or (None, None)
    to_leader = flat.pop("to_leader") or {}
    flat["to_leader"] = to_leader.get("mean")
    flat["to_leader_low"], flat["to_leader_high"] = to_leader.get("ci95") or (None, None)
    practical = flat.pop("practical") or {}
    flat |= {key: practical.get(key) for key in ("better", "equal", "worse")}
    fresh = flat.pop("fresh") or {}
    flat |= {f"fresh_{key}": fresh.get(key) for key in ("mean", "std", "n")}
    flat["fresh_ci95_low"], flat["fresh_ci95_high"] = fresh.get("ci95") or (None, None)
    flat["fresh_runs"] = " ".join(fresh.get("runs", ()))
    costs = flat.pop("costs")
    return flat | {name: costs.get(name) for name in MEASURED if name not in flat}


def _joined(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its lists of words and its counts of statuses in one cell each."""
    cells = {key: " ".join(v) if _is_words(v) else v for key, v in row.items()}
    counts = " ".join(f"{status}={count}" for status, count in row["status_counts"].items())
    return cells | {"status_counts": counts}


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)
