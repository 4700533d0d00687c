"""The report in Markdown, `report.md`: the tables of a sweep, to paste into a page or an issue."""

import re
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bakeoff.report.baselines import among
from bakeoff.report.claims import beside_test, practically, useless, verdicts
from bakeoff.report.evidence import Evidence, times_opened
from bakeoff.report.provenance import machines
from bakeoff.report.wording import few_decimals, often, sentence_case
from bakeoff.store import atomic
from bakeoff.sweep.commands import extension_commands, sweep_command

FILE_NAME = "report.md"
NONE = "–"


def write_markdown(evidence: Evidence) -> Path:
    """Write `report.md` into the sweep's folder. Raises BakeoffError."""
    path = evidence.folder / FILE_NAME
    atomic.write_text(path, f"# {evidence.board['experiment']}\n\n{body(evidence)}")
    return path


def body(evidence: Evidence) -> str:
    """The numbers of a sweep with the command and the machine that they come from, without a heading.
    Raises BakeoffError.
    """
    board = evidence.board
    digits = few_decimals([row["mean"] for row in evidence.candidates])
    metrics = _metrics(evidence)
    environment = Environment(
        loader=PackageLoader("bakeoff.report"), undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, autoescape=False,
    )  # fmt: skip
    added = extension_commands(evidence.folder)
    return environment.get_template("report.md.j2").render(
        board=board,
        command=[sweep_command(evidence.folder, board["experiment"]), *added.splitlines()],
        metrics=metrics,
        rows=[{"cells": cells} for cells in _rows(evidence, metrics, digits)],
        said=_said(evidence),
        test=_test(board),
        gap=board["sealed_test_gap"],
        beside=[f"{plain(sentence_case(line))}." for line in beside_test(board)],
        opened=often(times_opened(evidence.openings)),
        selected=f"{code(board['selected'])}, {_selected(evidence)}" if board["selected"] else "",
        machine=_machine(evidence),
    )  # fmt: skip


def code(text: str) -> str:
    """A text as code in a cell of a table: nothing in it is Markdown, and it stays in its line."""
    text = re.sub(r"[\x00-\x1f\x7f]+", " ", text).replace("|", "\\|")
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def plain(text: str) -> str:
    """A sentence that holds nothing but text: what Markdown or HTML would read is escaped, code is kept."""
    parts = re.sub(r"[\x00-\x1f\x7f]+", " ", text).split("`")
    escaped = [re.sub(r"([\\*_\[\]<>|#])", r"\\\1", part) for part in parts]
    return "".join(
        f"`{raw}`" if at % 2 else part
        for at, (part, raw) in enumerate(zip(escaped, parts, strict=True))
    )


def _rows(evidence: Evidence, metrics: Sequence[str], digits: int) -> list[list[str]]:
    board = evidence.board
    rows = among(evidence.candidates, board["baselines"], board["direction"])
    return [_cells(evidence, row, metrics, digits) for row in rows]


def _cells(
    evidence: Evidence, row: dict[str, Any], metrics: Sequence[str], digits: int
) -> list[str]:
    is_baseline = "rank" not in row
    low, high = row.get("ci95") or (None, None)
    spread = "" if row["std"] is None else f" ± {row['std']:.{digits}f}"
    rank = "baseline" if is_baseline else str(row["rank"] or NONE)
    if not is_baseline and row["tied_with_best"] and row["rank"] != 1:
        rank += "="
    total = sum((row.get("status_counts") or {}).values()) or row["n"]
    runs = [] if is_baseline else evidence.runs(row)
    return [
        rank,
        code(row["name"]),
        NONE if row["mean"] is None else f"{row['mean']:.{digits}f}{spread}",
        NONE if low is None else f"{low:.{digits}f} to {high:.{digits}f}",
        str(total) if row["n"] == total else f"{row['n']} of {total}",
        *(_mean([run.metrics.get(name) for run in runs]) for name in metrics),
        NONE if row.get("parameters") is None else f"{row['parameters']:,}",
        NONE if row["train_seconds"] is None else f"{row['train_seconds']:.0f}",
    ]


def _metrics(evidence: Evidence) -> list[str]:
    """The other metrics that all completed runs measured; parts of the loss are left out."""
    runs = [run for row in evidence.candidates for run in evidence.runs(row) if run.metrics]
    if not runs:
        return []
    common = set(runs[0].metrics).intersection(*(run.metrics for run in runs))
    kept = common - {evidence.board["metric"], "loss"}
    return sorted(name for name in kept if not name.startswith("loss_"))


def _mean(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{fmean(known):.{few_decimals(known)}f}" if known else NONE


def _said(evidence: Evidence) -> list[str]:
    """What may be claimed, and what is to be known before the numbers are believed."""
    board = evidence.board
    lines = [f"**No winner:** {plain(problem)}" for problem in board["problems"]]
    cautions = (board["after_opening"], board["part"], board["edited"], *board["mixed"])
    cautions += (useless(board),)
    lines += [plain(line) for line in cautions if line]
    lines += verdicts(board, code, plain) + practically(board, code)
    lines += [plain(note) for note in board["notes"]]
    lines += [plain(line) for line in (board["finals"] or {"said": []})["said"]]
    return [*lines, *map(plain, evidence.notes)]


def _test(board: dict[str, Any]) -> list[list[str]]:
    """Metric, value and interval of each metric of the test set."""
    found = []
    for name, value in (board["sealed_test"] or {}).items():
        if value is None or name.startswith("loss"):
            continue
        digits = few_decimals([value])
        low, high = board["sealed_test_ci95"].get(name) or (None, None)
        interval = NONE if low is None else f"{low:.{digits}f} to {high:.{digits}f}"
        text = f"{value:.{digits}f}"
        found.append([name, f"**{text}**" if name == board["metric"] else text, interval])
    return found


def _selected(evidence: Evidence) -> str:
    board = evidence.board
    run = evidence.records.get(board["selected_run"])
    seed = "" if run is None else f" (seed {run.seed})"
    why = f": {plain(board['selected_by'])}" if board["selected_by"] else ""
    return f"run {board['selected_run']}{seed}{why}"


def _machine(evidence: Evidence) -> str:
    """What the numbers were made on and with."""
    found = machines(evidence.records.values())
    if not found:
        return "It is not known on which machine these runs were trained."
    dates = sorted({(opening.get("time") or "")[:10] for opening in evidence.openings} - {""})
    when = f" Test set opened on {', '.join(dates)}." if dates else ""
    return f"Trained on {'; and on '.join(map(plain, found))}.{when}"
