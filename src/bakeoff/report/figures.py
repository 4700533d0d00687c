"""A sweep's evidence -> the charts of its report."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from bakeoff.report.charts.differences import Gap, draw_differences
from bakeoff.report.charts.learning_curves import Scale, Trace, draw_learning_curves
from bakeoff.report.charts.limits import padded
from bakeoff.report.charts.names import abbreviated, shortened
from bakeoff.report.charts.reference import Reference
from bakeoff.report.charts.seed_values import Dot, Row, draw_seed_values
from bakeoff.report.charts.trade_off import Point, draw_trade_off
from bakeoff.report.curves import EPOCH, mean_curve
from bakeoff.report.evidence import Evidence
from bakeoff.report.wording import number, signed
from bakeoff.showcase.palette import BAD, NEUTRAL

MOST_ROWS, MOST_PANELS = 24, 12
MOST_LETTERS = 24  # of a baseline's name beside its line
# What the axis of a cost says: of a number, and of a time after its unit.
COUNTED = {"parameters": "parameters", "multiply_adds": "multiply-adds of a prediction"}
TIMED = {"train_seconds": "of training", "latency_seconds": "of one prediction"}


def seed_chart(evidence: Evidence, digits: int, width: int) -> str | None:
    """Draw every run's value per candidate, or nothing where no run has one; `width` in pixels."""
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
    shown = rows[:MOST_ROWS]
    return draw_seed_values(shown, label, width, best_baseline(evidence, digits)) if rows else None


def best_baseline(evidence: Evidence, digits: int) -> Reference | None:
    """What the candidates must beat, as a line of a chart; None where no baseline has a value."""
    rows = evidence.board["baselines"]
    if not rows or rows[0]["mean"] is None:
        return None
    name = shortened(rows[0]["name"], MOST_LETTERS)
    return Reference(rows[0]["mean"], f"baseline {name} {number(rows[0]['mean'], digits)}")


def difference_chart(evidence: Evidence, digits: int, width: int) -> str | None:
    """Draw every candidate's difference to the leader, or nothing where none is known."""
    gaps = []
    rows = evidence.candidates
    for row, name in zip(rows, abbreviated([row["name"] for row in rows]), strict=True):
        if found := row["to_leader"]:
            text = signed(found["mean"], digits)
            low, high = (signed(end, digits) for end in found["ci95"])
            tip = f"{row['name']}: {text}, 95 % interval {low} to {high} ({found['n']} shared)"
            interval = tuple(found["ci95"])
            open_ = row["tied_with_best"]
            gaps.append(Gap(name, found["mean"], interval, text, tip, open_))
    if not gaps:
        return None
    return draw_differences(
        gaps[:MOST_ROWS], f"{evidence.board['metric']}: differences to the leader", width
    )


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
    """Draw the metric against what a candidate costs: its `parameters`, or one of its `costs`."""
    costs = {row["name"]: value for row in evidence.candidates if (value := cost_of(row, key))}
    unit, what = (1, COUNTED[key]) if key in COUNTED else _time_unit(costs.values(), TIMED[key])
    costs = {name: value / unit for name, value in costs.items()}
    values = list(costs.values()) or [1]
    log = key in COUNTED or max(values) > 20 * min(values)
    front = {row["name"] for row in evidence.candidates if key in row["pareto"]}
    return trade_off(evidence, costs, what, log, digits, front)


def cost_of(row: Mapping[str, Any], key: str) -> float | None:
    """What a candidate costs; None where a sweep did not measure it."""
    return row["costs"].get(key, row.get(key))


def trade_off(
    evidence: Evidence,
    costs: dict[str, float],
    what: str,
    log: bool,
    digits: int,
    front: Collection[str] = (),
) -> dict[str, Any]:
    """Draw the metric against `costs`, a value for each candidate that has one, or say why there is
    nothing to draw. `front` names the candidates that a line joins.
    """
    rows = [row for row in evidence.candidates if row["mean"] is not None and row["name"] in costs]
    rows.sort(key=lambda row: row is not evidence.selected)
    title = f"{evidence.board['metric'].removeprefix('val/')} against {what}".capitalize()
    if len({costs[row["name"]] for row in rows}) < 2:
        why = "Every candidate has the same." if len(rows) > 1 else "There is nothing to compare."
        return {"title": title, "svg": None, "note": why}
    names = abbreviated([row["name"] for row in rows])
    points = [
        Point(
            name,
            costs[row["name"]],
            row["mean"],
            tuple(row["ci95"]) if row["ci95"] else None,
            f"{row['name']}: {number(row['mean'], digits)} at {costs[row['name']]:,.6g} {what}",
            row is evidence.selected,
            row["name"] in front,
        )
        for row, name in zip(rows, names, strict=True)
    ]
    svg, left_out = draw_trade_off(points, what, log, title, best_baseline(evidence, digits))
    note = f"Names left out for want of room: {left_out}. Point at a dot to read its name."
    return {"title": title, "svg": svg, "note": note if left_out else ""}


def _time_unit(seconds: Iterable[float], of: str) -> tuple[float, str]:
    """Choose the unit in which the longest time is a number to read: its seconds and its name."""
    longest = max(seconds, default=0)
    units = {1e-6: "microseconds", 1e-3: "milliseconds", 1: "seconds", 60: "minutes", 3600: "hours"}
    limits = {1e-3: 1e-6, 1: 1e-3, 300: 1, 3 * 3600: 60}
    unit = next((unit for limit, unit in limits.items() if longest < limit), 3600)
    return unit, f"{units[unit]} {of}"
