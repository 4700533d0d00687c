"""report.html: a sweep's answer and its evidence, in one file that opens offline."""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from bakeoff import __version__, atomic
from bakeoff.charts.learning_curves import Scale, Trace, draw_learning_curves
from bakeoff.charts.limits import padded
from bakeoff.charts.names import distinguishing
from bakeoff.charts.palette import ACCENT, BAD, NEUTRAL, PALETTE, WARM
from bakeoff.charts.seed_values import Dot, Row, draw_seed_values
from bakeoff.charts.trade_off import Point, draw_trade_off
from bakeoff.curves import EPOCH, mean_curve
from bakeoff.evidence import LEADERBOARD, LEDGER, Evidence, read_evidence
from bakeoff.rebuild import rebuild_command, sweep_command
from bakeoff.record import RunRecord
from bakeoff.wording import breakable, count, decimals, duration, number, size

FILE_NAME = "report.html"
FILES = [
    (LEADERBOARD, "the candidates and the selection; everything in this report ranks by it"),
    ("leaderboard.csv", "the same table, flat"),
    (LEDGER, "every opening of the test set"),
    ("best", "the selected run: config, weights and the command that rebuilds it"),
]
TRAIN_LOSS, VAL_LOSS = ("train/loss", "train/loss_epoch"), ("val/loss",)
MOST_PANELS = 24
# What a net's quality is set against, where its runs measured it (`bakeoff.probe`): metric -> its axis.
PROBED = {
    "gap": "gap: training minus validation",
    "sparsity": "sparsity: share of weights near zero",
}


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


def page_content(evidence: Evidence) -> dict[str, Any]:
    """Work out everything that the template shows."""
    board, rows, selected = evidence.board, evidence.candidates, evidence.selected
    metric = board["metric"].removeprefix("val/")
    run = evidence.records.get(board["selected_run"])
    sealed = {key.removeprefix("test/"): v for key, v in (board["sealed_test"] or {}).items()}
    sealed = dict(sorted(sealed.items(), key=lambda item: (item[0] != metric, item[0])))
    digits = decimals([row["mean"] for row in rows], [row["std"] for row in rows])
    metrics = metric_table(evidence, metric)
    probed = {column["name"]: column["means"] for column in metrics if column["name"] in PROBED}
    all_runs = [run for row in rows for run in evidence.runs(row)]
    config = evidence.folder / str(board["selected_run"]) / ".hydra" / "config.yaml"
    return {
        "board": board,
        "metric": metric,
        "digits": digits,
        "sealed_digits": {
            name: digits if name == metric else decimals([value])
            for name, value in sealed.items()
            if value is None or isinstance(value, float | int)
        },
        "rows": rows,
        "shared_overrides": shared_overrides(rows),
        "own_overrides": partial(own_overrides, shared=shared_overrides(rows)),
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
            curve_panels(evidence, f"Validation {metric}", {ACCENT: ("val/" + metric,)}),
            curve_panels(evidence, "Loss", {WARM: TRAIN_LOSS, ACCENT: VAL_LOSS}),
        ],
        "trade_offs": [
            cost(evidence, "parameters", digits),
            cost(evidence, "train_seconds", digits),
            *(trade_off(evidence, probed[name], PROBED[name], False, digits) for name in probed),
        ],
        "showcase": evidence.showcase,
        "tables": evidence.tables,
        "metrics": metrics,
        # As saved, unresolved: an interpolation may name a secret of the machine that trained it.
        "config": config.read_text(encoding="utf-8", errors="replace") if config.is_file() else "",
        "commands": commands(evidence, run),
        "files": [(name, what) for name, what in FILES if (evidence.folder / name).exists()],
        "folder": evidence.folder.resolve().name,
        "palette": PALETTE,
        "most": MOST_PANELS,
        "version": __version__,
    }


def shared_overrides(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The overrides that all of several candidates have, in the order of the first."""
    if len(rows) < 2:
        return []
    return [o for o in rows[0]["overrides"] if all(o in row["overrides"] for row in rows)]


def own_overrides(row: Mapping[str, Any], shared: Sequence[str]) -> list[str]:
    """The overrides of a candidate that neither its name nor the list of shared ones tells."""
    told = {*shared, *row["name"].split(" "), *row["name"].split(",")}
    return [o for o in row["overrides"] if not {o, o.removeprefix("model=")} & told]


def seed_chart(evidence: Evidence, digits: int) -> str | None:
    """Draw every run's value per candidate, or nothing where no run has one."""
    rows = []
    for row in evidence.candidates:
        dots = [
            Dot(
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
            rows.append(Row(row["name"], dots, row["mean"], interval, text, chosen))
    label = f"{evidence.board['metric']} of every run, per candidate"
    return draw_seed_values(rows[:MOST_PANELS], label) if rows else None


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
        Trace(trace.x, trace.y, "other", NEUTRAL, f"{chosen}: mean")
        for trace in found.get(chosen, [])
        if trace.kind == "mean" and len(lines) == 1
    ]
    panels = [
        (
            name,
            draw_learning_curves(
                traces + (reference if name != chosen else []), scale, f"{title} of {name}"
            ),
        )
        for name, traces in list(found.items())[:MOST_PANELS]
    ]
    return {"title": title, "panels": panels, "left_out": len(found) - len(panels)}


def _traces(
    evidence: Evidence, row: dict[str, Any], lines: dict[str, tuple[str, ...]]
) -> list[Trace]:
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
                traces.append(Trace(*curve, "lost", BAD, tip))
                continue
            completed.append(curve)
            traces.append(Trace(*curve, "run", colour, tip))
            best = run.metric.epoch
            if EPOCH in logged and tag.endswith(f"/{run.metric.name}") and best in curve.x:
                value = curve.values[curve.x.index(best)]
                traces.append(Trace([best], [value], "best", colour, f"{tip}: best"))
        mean = mean_curve(completed)
        if mean.x:
            traces.append(Trace(*mean, "mean", colour, f"{tags[0]}, mean of the runs"))
    return traces


def _scale(traces: list[Trace], evidence: Evidence) -> Scale:
    """Find the limits that all panels share; a run that diverged does not stretch them."""
    kept = [trace for trace in traces if trace.kind != "lost"] or traces
    x = [at for trace in kept for at in trace.x]
    y = [value for trace in kept for value in trace.y]
    log = min(y) > 0 and max(y) / min(y) > 50
    epochs = all(EPOCH in curves for curves in evidence.curves.values() if curves)
    return Scale(
        x=padded(x, log=False, share=0.02),
        y=padded(y, log, share=0.06),
        log=log,
        x_label="epoch" if epochs else "step",
    )


def cost(evidence: Evidence, key: str, digits: int) -> dict[str, Any]:
    """Draw the metric against what a candidate costs: its `parameters` or `train_seconds`."""
    costs = {row["name"]: row[key] for row in evidence.candidates if row[key]}
    unit, what = (1, "parameters") if key == "parameters" else _time_unit(costs.values())
    costs = {name: value / unit for name, value in costs.items()}
    values = list(costs.values()) or [1]
    log = key == "parameters" or max(values) > 20 * min(values)
    return trade_off(evidence, costs, what, log, digits)


def trade_off(
    evidence: Evidence, costs: dict[str, float], what: str, log: bool, digits: int
) -> dict[str, Any]:
    """Draw the metric against `costs`, a value for each candidate that has one, or say why there is
    nothing to draw.
    """
    rows = [row for row in evidence.candidates if row["mean"] is not None and row["name"] in costs]
    rows.sort(key=lambda row: row is not evidence.selected)
    title = f"{evidence.board['metric'].removeprefix('val/')} against {what}".capitalize()
    if len({costs[row["name"]] for row in rows}) < 2:
        why = "Every candidate has the same." if len(rows) > 1 else "There is nothing to compare."
        return {"title": title, "svg": None, "note": why}
    names = distinguishing([row["name"] for row in rows])
    points = [
        Point(
            name,
            costs[row["name"]],
            row["mean"],
            tuple(row["ci95"]) if row["ci95"] else None,
            f"{row['name']}: {number(row['mean'], digits)} at {costs[row['name']]:,.6g} {what}",
            row is evidence.selected,
        )
        for row, name in zip(rows, names, strict=True)
    ]
    svg, left_out = draw_trade_off(points, what, log, title)
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
    folder = evidence.folder.resolve()
    inside = folder.parent.name == evidence.board["experiment"]
    sweep = shlex.quote(f"outputs/{folder.parent.name}/{folder.name}" if inside else folder.name)
    found = [
        ("The whole bake-off", sweep_command(evidence.folder, evidence.board["experiment"])),
        ("This leaderboard and report, from the run records", f"bakeoff report {sweep}"),
    ]
    if evidence.selected and evidence.board["sealed_test"] is None:
        found.append(("The sealed test", f"bakeoff test {sweep}"))
    if run:
        found.append(("The selected run alone", rebuild_command(evidence.folder / run.id, run)))
    return found
