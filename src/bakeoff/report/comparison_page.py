"""Several sweeps side by side, as a page that opens offline."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bakeoff import __version__
from bakeoff.errors import BakeoffError
from bakeoff.report.charts.seed_values import NARROW, WIDE, Dot, Row, draw_seed_values
from bakeoff.report.comparison import by_data, cautions, measured, repeated, shared
from bakeoff.report.evidence import Evidence
from bakeoff.report.page import write_page
from bakeoff.report.rerun import commands
from bakeoff.report.wording import decimals, number
from bakeoff.showcase.palette import PALETTE
from bakeoff.sweep.commands import sweep_name

MARK = b"bakeoff comparison</title>"


def write_comparison(path: Path, sweeps: Sequence[Evidence]) -> None:
    """Write the page, whole or not at all. Raises BakeoffError where `path` is a file of another kind."""
    _refuse_other_files(path)
    write_page(path, "comparison.html.j2", content(sweeps))


def _refuse_other_files(path: Path) -> None:
    try:
        is_other = path.exists() and MARK not in path.read_bytes()
    except OSError as error:
        raise BakeoffError(f"--page {path}: {error.strerror}: give the name of a file") from None
    if is_other:
        raise BakeoffError(
            f"--page {path}: exists, and is no comparison that bakeoff wrote: give another name"
        )


def content(sweeps: Sequence[Evidence]) -> dict[str, Any]:
    """Everything that the template shows."""
    board, groups = sweeps[0].board, by_data(sweeps)
    known = [measured(sweep) for sweep in sweeps if sweep.selected]
    digits = decimals([row["mean"] for row in known], [row["std"] for row in known])
    return {
        "task": board["task"],
        "metric": board["metric"].removeprefix("val/"),
        "direction": board["direction"],
        "names": [sweep_name(sweep.folder) for sweep in sweeps],
        "cautions": cautions(sweeps),
        "opened": [sweep_name(s.folder) for s in sweeps if s.board["sealed_test"]],
        "digits": digits,
        "groups": [_group(own, digits) for own in groups],
        "shared": [] if len(groups) == len(sweeps) else _shared(groups),
        "commands": [(sweep_name(s.folder), commands(s, None)[0][1]) for s in sweeps],
        "palette": PALETTE,
        "version": __version__,
        "script": "",
    }


def _group(sweeps: Sequence[Evidence], digits: int) -> dict[str, Any]:
    """Sweeps on the same data: a row for each, and the runs of what they selected in one chart."""
    rows = [_chart_row(sweep, digits) for sweep in sweeps if sweep.selected]
    drawn = [row for row in rows if row.dots]
    label = f"{sweeps[0].board['metric']} of the runs that each sweep selected from"
    return {
        "rows": [_row(sweep) for sweep in sweeps],
        "charts": [draw_seed_values(drawn, label, width) for width in (WIDE, NARROW) if drawn],
    }


def _row(sweep: Evidence) -> dict[str, Any]:
    board, metric = sweep.board, sweep.board["metric"]
    own = sweep.selected
    floor = board["baselines"][0] if board["baselines"] else None
    return {
        "sweep": sweep_name(sweep.folder),
        "selected": own["name"] if own else None,
        "measured": measured(sweep),
        "candidates": len(sweep.candidates),
        "test": (board["sealed_test"] or {}).get(metric),
        "test_ci95": board["sealed_test_ci95"].get(metric),
        "baseline": floor if floor and floor["mean"] is not None else None,
    }


def _chart_row(sweep: Evidence, digits: int) -> Row:
    own = measured(sweep)
    name = f"{sweep_name(sweep.folder)}: {sweep.selected['name']}"
    dots = [
        Dot(run.metric.value, f"{name}, seed {run.seed}: {number(run.metric.value, digits)}")
        for run in sweep.runs(own)
        if run.status == "completed" and run.metric.value is not None
    ]
    interval = tuple(own["ci95"]) if own["ci95"] else None
    return Row(name, dots, own["mean"], interval, number(own["mean"], digits))


def _shared(groups: Sequence[Sequence[Evidence]]) -> list[dict[str, Any]]:
    """Of each group of several sweeps the candidates that two of them have."""
    found = []
    for sweeps in groups:
        rows = shared(sweeps)
        if rows:
            known = [row["mean"] for of in rows.values() for row in of if row is not None]
            found.append(
                {
                    "names": [sweep_name(sweep.folder) for sweep in sweeps],
                    "digits": decimals(known),
                    "rows": [
                        {
                            "name": next(row["name"] for row in of if row is not None),
                            "means": of,
                            "repeated": repeated(sweeps, of),
                        }
                        for of in rows.values()
                    ],
                }
            )
    return found
