"""report.html: a sweep's answer and its evidence, in one file that opens offline."""

import base64
import json
import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from math import floor, isfinite, log10
from pathlib import Path
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Any

from bakeoff import __version__, atomic, charts, record
from bakeoff.curves import EPOCH, Curve, mean_curve, read_curves
from bakeoff.errors import BakeoffError
from bakeoff.record import RunRecord

if TYPE_CHECKING:
    from markupsafe import Markup

FILE_NAME = "report.html"
LEADERBOARD = "leaderboard.json"
LEDGER = "test_ledger.jsonl"
KEYS = {"experiment", "task", "metric", "direction", "candidates", "selected", "selected_run"}
ROW_KEYS = {"name", "rank", "mean", "std", "ci95", "n", "runs", "status_counts"}
OPTIONAL = {"sealed_test": None}
OPTIONAL_ROW = {
    "overrides": [],
    "parameters": None,
    "train_seconds": None,
    "tied_with_best": False,
}
FILES = [
    (LEADERBOARD, "the candidates and the selection; everything in this report ranks by it"),
    ("leaderboard.csv", "the same table, flat"),
    (LEDGER, "every opening of the test set"),
    ("best", "the selected run: config, weights and the command that rebuilds it"),
]
TRAIN_LOSS, VAL_LOSS = ("train/loss", "train/loss_epoch"), ("val/loss",)
MOST_PANELS = 24
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass
class Evidence:
    """What a sweep's folder holds; `notes` tell what of it could not be read, and what to know."""

    folder: Path
    board: dict[str, Any]
    records: dict[str, RunRecord]
    curves: dict[str, dict[str, Curve]]
    openings: list[dict[str, Any]]  # of the sealed test
    showcase: list[tuple[str, str]]  # title and data URI
    notes: list[str]

    @property
    def candidates(self) -> list[dict[str, Any]]:
        """The leaderboard's rows, best first."""
        return self.board["candidates"]

    @property
    def selected(self) -> dict[str, Any] | None:
        """The row of the selected candidate."""
        named = (row for row in self.candidates if row["name"] == self.board["selected"])
        return next(named, None)

    def runs(self, row: dict[str, Any]) -> list[RunRecord]:
        """Return the records of a candidate's runs, in the leaderboard's order."""
        return [self.records[run] for run in row["runs"] if run in self.records]


def write_report(sweep_dir: Path) -> Path:
    """Write `report.html` into `sweep_dir`, whole or not at all, and return its path.

    It shows only what the files of the sweep hold, so the same files give the same report. What
    cannot be read of a single run is said in it. Raises BakeoffError where `leaderboard.json` is
    missing, damaged or of another kind.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    evidence = read_evidence(sweep_dir)
    environment = Environment(
        loader=PackageLoader("bakeoff"),
        autoescape=True,  # names and errors are anyone's text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for write in (number, count, duration, size, breakable):
        environment.filters[write.__name__] = write
    page = environment.get_template("report.html.j2").render(page_content(evidence))
    path = sweep_dir / FILE_NAME
    # An error message may hold the undecodable bytes of a file name.
    atomic.write_bytes(path, page.encode(errors="replace"))
    return path


def read_evidence(sweep_dir: Path) -> Evidence:
    """Read a sweep's folder. Raises BakeoffError where its leaderboard cannot be read."""
    board = _read_leaderboard(sweep_dir / LEADERBOARD)
    notes: list[str] = []
    records, curves = {}, {}
    for run in (run for row in board["candidates"] for run in row["runs"]):
        try:
            records[run] = record.read(sweep_dir / run)
        except BakeoffError:
            notes.append(
                f"The record of run {run} is missing or damaged: the leaderboard counts this run, "
                "but nothing else below does."
            )
            continue
        curves[run] = read_curves(sweep_dir / run)
    openings = _read_ledger(sweep_dir / LEDGER, notes)
    notes += cautions(records, curves) + ledger_cautions(board, records, openings)
    showcase = _read_showcase(sweep_dir / "showcase", notes)
    return Evidence(sweep_dir, board, records, curves, openings, showcase, notes)


def _read_leaderboard(path: Path) -> dict[str, Any]:
    try:
        # JSON has no NaN, but Python writes one: to a reader it is a missing value.
        board = json.loads(path.read_text(encoding="utf-8"), parse_constant=lambda _: None)
    except (FileNotFoundError, NotADirectoryError):
        raise BakeoffError(
            f"no {LEADERBOARD} in {path.parent}: give the folder of a sweep; "
            "`bakeoff report SWEEP` makes the leaderboard from the runs in it"
        ) from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise BakeoffError(
            f"{path} is damaged ({error}): `bakeoff report SWEEP` makes it anew from the runs"
        ) from None
    rows = board.get("candidates") if isinstance(board, dict) else None
    if not isinstance(rows, list) or not board.keys() >= KEYS:
        raise BakeoffError(f"{path} is not a leaderboard: expected the keys {sorted(KEYS)}")
    for row in rows:
        if not isinstance(row, dict) or not row.keys() >= ROW_KEYS:
            raise BakeoffError(
                f"{path}: expected candidates with the keys {sorted(ROW_KEYS)}, got {row!r:.200}"
            )
    rows = sorted(rows, key=lambda row: (row["rank"] is None, row["rank"] or 0))
    return OPTIONAL | board | {"candidates": [OPTIONAL_ROW | row for row in rows]}


def _read_ledger(path: Path, notes: list[str]) -> list[dict[str, Any]]:
    openings = []
    lines = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    for index, line in enumerate(lines.splitlines(), start=1):
        try:
            openings.append(dict.fromkeys(("time", "run", "checkpoint_sha256")) | json.loads(line))
        except (ValueError, TypeError):
            notes.append(f"Line {index} of {path.name} is damaged and is not shown.")
    return openings


def _read_showcase(folder: Path, notes: list[str]) -> list[tuple[str, str]]:
    pictures = []
    for path in sorted(folder.glob("*.png")):
        content = path.read_bytes()
        if not content.startswith(PNG):
            notes.append(f"showcase/{path.name} is not a PNG picture and is not shown.")
            continue
        uri = "data:image/png;base64," + base64.b64encode(content).decode()
        pictures.append((picture_title(path.stem), uri))
    return pictures


def picture_title(stem: str) -> str:
    """Make a title of a file's name: `validation-mistakes` becomes `Validation: mistakes`."""
    first, *rest = stem.replace("_", "-").split("-")
    return f"{first.capitalize()}: {' '.join(rest)}" if rest else first.capitalize()


def cautions(records: dict[str, RunRecord], curves: dict[str, dict[str, Curve]]) -> list[str]:
    """Tell what to know before comparing the numbers of these runs."""
    found = []
    silent = [run for run in records if records[run].epochs and not curves[run]]
    if silent:
        found.append(f"No learning curves could be read of run {', '.join(silent)}.")
    for run, logged in curves.items():
        last, trained = max((curve.x[-1] for curve in logged.values()), default=0), records[run]
        if EPOCH in logged and trained.status == "completed" and last + 1 < trained.epochs:
            found.append(
                f"The curves of run {run} end at epoch {last}, but it trained {trained.epochs} "
                "epochs: its event file is incomplete."
            )
    if len({r.data_fingerprint for r in records.values() if r.data_fingerprint}) > 1:
        found.append("The data fingerprints of the runs differ: not all were given the same data.")
    devices = {str(r.environment["device"]) for r in records.values() if "device" in r.environment}
    if len(devices) > 1:
        found.append(
            f"The runs were trained on different devices ({', '.join(sorted(devices))}): their "
            "training times do not compare."
        )
    return found


def ledger_cautions(
    board: dict[str, Any], records: dict[str, RunRecord], openings: list[dict[str, Any]]
) -> list[str]:
    """Tell where the ledger of the sealed test and the other files do not agree."""
    found = []
    if board["sealed_test"] and not openings:
        found.append(f"The sealed test has a result, but no line in {LEDGER}.")
    if len(openings) > 1:
        found.append(f"The test set was opened {len(openings)} times.")
    for opening in openings:
        run = records.get(opening["run"])
        digest = opening["checkpoint_sha256"]
        if run and run.checkpoint and digest and run.checkpoint.sha256 != digest:
            found.append(
                f"The test was made with another checkpoint than run {run.id} now has: it was "
                "trained again since."
            )
    return found


def page_content(evidence: Evidence) -> dict[str, Any]:
    """Work out everything that the template shows."""
    board, rows, selected = evidence.board, evidence.candidates, evidence.selected
    metric = board["metric"].removeprefix("val/")
    run = evidence.records.get(board["selected_run"])
    sealed = {key.removeprefix("test/"): v for key, v in (board["sealed_test"] or {}).items()}
    sealed = dict(sorted(sealed.items(), key=lambda item: (item[0] != metric, item[0])))
    digits = decimals([row["mean"] for row in rows], [row["std"] for row in rows])
    all_runs = [run for row in rows for run in evidence.runs(row)]
    config = evidence.folder / str(board["selected_run"]) / ".hydra" / "config.yaml"
    return {
        "board": board,
        "metric": metric,
        "digits": digits,
        "rows": rows,
        "selected": selected,
        "tied": [row for row in rows if row["tied_with_best"] and row is not selected],
        "sealed": sealed,
        "openings": evidence.openings,
        "run": run,
        "run_metrics": {k.removeprefix("val/"): v for k, v in run.metrics.items()} if run else {},
        "runs": all_runs,
        "lost": [run for run in all_runs if run.status != "completed"],
        "notes": evidence.notes,
        "seed_chart": seed_chart(evidence, digits),
        "curves": [
            curve_panels(evidence, f"Validation {metric}", {charts.ACCENT: ("val/" + metric,)}),
            curve_panels(evidence, "Loss", {charts.WARM: TRAIN_LOSS, charts.ACCENT: VAL_LOSS}),
        ],
        "trade_offs": [
            trade_off(evidence, "parameters", digits),
            trade_off(evidence, "train_seconds", digits),
        ],
        "showcase": evidence.showcase,
        "metrics": metric_table(evidence, metric),
        # As saved, unresolved: an interpolation may name a secret of the machine that trained it.
        "config": config.read_text(encoding="utf-8", errors="replace") if config.is_file() else "",
        "commands": commands(evidence, run),
        "files": [(name, what) for name, what in FILES if (evidence.folder / name).exists()],
        "folder": evidence.folder.resolve().name,
        "palette": charts.PALETTE,
        "most": MOST_PANELS,
        "version": __version__,
    }


def seed_chart(evidence: Evidence, digits: int) -> str | None:
    """Draw every run's value per candidate, or nothing where no run has one."""
    rows = []
    for row in evidence.candidates:
        dots = [
            charts.Dot(
                run.metric.value,
                f"seed {run.seed}: {number(run.metric.value, digits)} ({run.status}, run {run.id})",
                run.status == "completed",
            )
            for run in evidence.runs(row)
            if run.metric.value is not None
        ]
        interval = tuple(row["ci95"]) if row["ci95"] else None
        chosen = row is evidence.selected
        if dots:
            text = number(row["mean"], digits)
            rows.append(charts.Row(row["name"], dots, row["mean"], interval, text, chosen))
    label = f"{evidence.board['metric']} of every run, per candidate"
    return charts.seed_values(rows[:MOST_PANELS], label) if rows else None


def curve_panels(
    evidence: Evidence, title: str, lines: dict[str, tuple[str, ...]]
) -> dict[str, Any]:
    """Draw one panel per candidate; `lines` maps a colour to tags: the first found counts."""
    found = {row["name"]: _traces(evidence, row, lines) for row in evidence.candidates}
    found = {name: traces for name, traces in found.items() if traces}
    if not found:
        return {"title": title, "panels": [], "left_out": 0}
    scale = _scale([trace for traces in found.values() for trace in traces], evidence)
    chosen = evidence.board["selected"]
    reference = [
        charts.Trace(trace.x, trace.y, "other", charts.NEUTRAL, f"{chosen}: mean")
        for trace in found.get(chosen, [])
        if trace.kind == "mean" and len(lines) == 1
    ]
    panels = [
        (
            name,
            charts.learning_curves(
                traces + (reference if name != chosen else []), scale, f"{title} of {name}"
            ),
        )
        for name, traces in list(found.items())[:MOST_PANELS]
    ]
    return {"title": title, "panels": panels, "left_out": len(found) - len(panels)}


def _traces(
    evidence: Evidence, row: dict[str, Any], lines: dict[str, tuple[str, ...]]
) -> list[charts.Trace]:
    """Make the lines of one candidate: every run, their mean, and where each run was best."""
    traces = []
    for colour, tags in lines.items():
        completed = []
        for run in evidence.runs(row):
            logged = evidence.curves[run.id]
            tag = next((tag for tag in tags if tag in logged), None)
            if tag is None:
                continue
            curve, tip = logged[tag], f"{tag}, seed {run.seed} ({run.status})"
            if run.status != "completed":
                traces.append(charts.Trace(*curve, "lost", charts.BAD, tip))
                continue
            completed.append(curve)
            traces.append(charts.Trace(*curve, "run", colour, tip))
            best = run.metric.epoch
            if EPOCH in logged and tag.endswith(f"/{run.metric.name}") and best in curve.x:
                value = curve.values[curve.x.index(best)]
                traces.append(charts.Trace([best], [value], "best", colour, f"{tip}: best"))
        mean = mean_curve(completed)
        if mean.x:
            traces.append(charts.Trace(*mean, "mean", colour, f"{tags[0]}, mean of the runs"))
    return traces


def _scale(traces: list[charts.Trace], evidence: Evidence) -> charts.Scale:
    """Find the limits that all panels share; a run that diverged does not stretch them."""
    kept = [trace for trace in traces if trace.kind != "lost"] or traces
    x = [at for trace in kept for at in trace.x]
    y = [value for trace in kept for value in trace.y]
    log = min(y) > 0 and max(y) / min(y) > 50
    epochs = all(EPOCH in curves for curves in evidence.curves.values() if curves)
    return charts.Scale(
        x=charts.padded(x, log=False, share=0.02),
        y=charts.padded(y, log, share=0.06),
        log=log,
        x_label="epoch" if epochs else "step",
    )


def trade_off(evidence: Evidence, key: str, digits: int) -> dict[str, Any]:
    """Draw the metric against what a candidate costs, or say why there is nothing to draw."""
    rows = [row for row in evidence.candidates if row["mean"] is not None and row[key]]
    rows.sort(key=lambda row: row is not evidence.selected)
    unit, what = (1, "parameters") if key == "parameters" else _time_unit(row[key] for row in rows)
    title = f"{evidence.board['metric'].removeprefix('val/')} against {what}".capitalize()
    costs = [row[key] / unit for row in rows]
    if len(set(costs)) < 2:
        why = "Every candidate has the same." if len(costs) > 1 else "There is nothing to compare."
        return {"title": title, "svg": None, "note": why}
    names = charts.distinguishing([row["name"] for row in rows])
    points = [
        charts.Point(
            name,
            cost,
            row["mean"],
            tuple(row["ci95"]) if row["ci95"] else None,
            f"{row['name']}: {number(row['mean'], digits)} at {cost:,.6g} {what}",
            row is evidence.selected,
        )
        for row, name, cost in zip(rows, names, costs, strict=True)
    ]
    log = key == "parameters" or max(costs) / min(costs) > 20
    svg, left_out = charts.trade_off(points, what, log, title)
    note = f"Names left out for want of room: {left_out}. Point at a dot to read its name."
    return {"title": title, "svg": svg, "note": note if left_out else ""}


def _time_unit(seconds: Iterable[float]) -> tuple[int, str]:
    """Choose the unit in which the longest time is a number to read: its seconds and its name."""
    longest = max(seconds, default=0)
    unit = 1 if longest < 300 else 60 if longest < 3 * 3600 else 3600
    return unit, {1: "seconds", 60: "minutes", 3600: "hours"}[unit] + " of training"


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


def commands(evidence: Evidence, run: RunRecord | None) -> list[tuple[str, str]]:
    """Give the commands that repeat the sweep, its parts and the selected run."""
    experiment = shlex.quote(evidence.board["experiment"])
    folder = evidence.folder.resolve()
    inside = folder.parent.name == evidence.board["experiment"]
    sweep = shlex.quote(f"outputs/{folder.parent.name}/{folder.name}" if inside else folder.name)
    found = [
        ("The whole bake-off", f"bakeoff run {experiment}"),
        ("This leaderboard and report, from the run records", f"bakeoff report {sweep}"),
    ]
    if evidence.selected and evidence.board["sealed_test"] is None:
        found.append(("The sealed test", f"bakeoff test {sweep}"))
    if run:
        seeded = any(override.lstrip("+").startswith("seed=") for override in run.overrides)
        overrides = [*run.overrides, *([] if seeded else [f"seed={run.seed}"])]
        found.append(
            (
                "The selected run alone",
                f"bakeoff train --config-dir experiments --config-name {experiment} "
                f"hydra.mode=RUN {shlex.join(overrides)}",
            )
        )
    return found


def decimals(values: Iterable[float | None], spreads: Iterable[float | None] = ()) -> int:
    """Choose decimals that show four digits of the largest value and two of the least spread."""
    sizes = [abs(value) for value in values if value]
    spreads = [spread for spread in spreads if spread]
    largest = max(sizes, default=1.0)
    smallest = min(spreads, default=largest)
    return min(max(3 - floor(log10(largest)), 1 - floor(log10(smallest)), 0), 6)


def number(value: float | None, digits: int = 4) -> str:
    """Write a value with `digits` decimals, in powers of ten where these would show nothing."""
    if value is None or not isfinite(value):
        return "–"
    text = f"{value:.{digits}f}"
    if value and not float(text):
        text = f"{value:.1e}"
    return text.replace("-", "\N{MINUS SIGN}")


def breakable(name: str) -> "Markup":
    """Let a line break after the commas and underscores of a name rather than anywhere in it."""
    from markupsafe import Markup

    return Markup("<wbr>").join(re.split(r"(?<=[,_])", name))


def count(value: int | None) -> str:
    """Write a whole number with its thousands apart."""
    return "–" if value is None else f"{value:,}"


def duration(seconds: float | None) -> str:
    """Write a time in the two units that matter: 200 is 3 min 20 s."""
    if seconds is None:
        return "–"
    if seconds < 59.5:
        return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def size(octets: int | None) -> str:
    """Write a number of bytes in megabytes or gigabytes."""
    if octets is None:
        return "–"
    return f"{octets / 1e9:.1f} GB" if octets >= 1e9 else f"{octets / 1e6:.0f} MB"
