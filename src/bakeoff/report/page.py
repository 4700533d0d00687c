"""report.html: a sweep's answer and its evidence, in one file that opens offline."""

import base64
import hashlib
import shlex
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import resources
from operator import itemgetter
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from bakeoff import __version__
from bakeoff.errors import BakeoffError
from bakeoff.report.baselines import against_baselines, among
from bakeoff.report.charts.seed_values import NARROW, WIDE
from bakeoff.report.evidence import LEADERBOARD, OPTIONAL_ROW, Evidence, read_evidence
from bakeoff.report.figures import (
    MOST_ROWS,
    cost,
    cost_of,
    curve_panels,
    difference_chart,
    seed_chart,
    trade_off,
)
from bakeoff.report.hyperparameters import MOST_LINES, hyperparameters, parallel_chart
from bakeoff.report.lost_runs import lost_runs
from bakeoff.report.narrow import labelled
from bakeoff.report.provenance import mixed, provenance
from bakeoff.report.tuning import equal_tuning, tuned, tuning_panels, tuning_words
from bakeoff.report.wording import (
    against_words,
    breakable,
    count,
    decimals,
    duration,
    number,
    prose,
    signed,
    size,
    thousands,
)
from bakeoff.select.ledger import LEDGER
from bakeoff.select.statistics.words import percent
from bakeoff.showcase.palette import ACCENT, PALETTE, WARM
from bakeoff.store import atomic
from bakeoff.store.record import RunRecord
from bakeoff.sweep.commands import extension_commands, rebuild_command, sweep_command

FILE_NAME = "report.html"
MOST_STILL = 12  # rows of a table that needs no sorting and no filter
FILES = [
    (LEADERBOARD, "the candidates and the selection; everything in this report ranks by it"),
    ("leaderboard.csv", "the same table, flat"),
    ("report.md", "the tables in Markdown, to paste"),
    (LEDGER, "every opening of the test set"),
    ("best", "the selected run: config, weights and the command that rebuilds it"),
]
TRAIN_LOSS, VAL_LOSS = ("train/loss", "train/loss_epoch"), ("val/loss",)
# What a net's quality is set against, where its runs measured it (`bakeoff.run.probe`): metric -> its axis.
PROBED = {
    "gap": "gap: training minus validation",
    "sparsity": "sparsity: share of weights near zero",
}

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


def write_report(sweep_dir: Path) -> Path:
    """Write `report.html` into `sweep_dir`, whole or not at all, and return its path.

    It shows only what the files of the sweep hold, so the same files give the same report. What
    cannot be read of a single run is said in it. Raises BakeoffError where `leaderboard.json` is
    missing, damaged or of another kind.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    evidence = read_evidence(sweep_dir)
    environment = Environment(
        loader=PackageLoader("bakeoff.report"),
        autoescape=True,  # names and errors are anyone's text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for write in (number, count, duration, size, breakable, prose, signed, labelled):
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
    tuning, varied = tuned(rows, board["direction"]), hyperparameters(rows)
    all_runs = [run for row in rows for run in evidence.every_run(row)]
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
        "table": among(rows, baseline_table(board), board["direction"], itemgetter("mean")),
        "useless": useless(board),
        "shared_overrides": shared_overrides(rows),
        "own_overrides": partial(own_overrides, shared=shared_overrides(rows)),
        "selected": selected,
        "practical": next((row["practical"] for row in rows if row["practical"]), None),
        "percent": percent,
        "tied": [row for row in rows if row["tied_with_best"] and row is not selected],
        "sealed": sealed,
        "against": list(map(against_words, board["sealed_test_against"])),
        "openings": evidence.openings,
        "run": run,
        "run_metrics": {k.removeprefix("val/"): v for k, v in run.metrics.items()} if run else {},
        "runs": all_runs,
        "lost": lost_runs(all_runs),
        "completed": any(run.status == "completed" for run in all_runs),
        "notes": evidence.notes + mixed(all_runs),
        "provenance": provenance(all_runs),
        **({"script": "", "script_hash": ""} if len(rows) <= MOST_STILL else table_script()),
        "seed_charts": [seed_chart(evidence, digits, width) for width in (WIDE, NARROW)],
        "difference_charts": [
            difference_chart(evidence, digits, width) for width in (WIDE, NARROW)
        ],
        "leader": next((row["to_leader"]["leader"] for row in rows if row["to_leader"]), ""),
        "curves": [
            curve_panels(evidence, f"Validation {metric}", {ACCENT: ("val/" + metric,)}),
            curve_panels(evidence, "Loss", {WARM: TRAIN_LOSS, ACCENT: VAL_LOSS}),
        ],
        "trade_offs": [
            *(cost(evidence, key, digits) for key in ("parameters", "train_seconds")),
            *(
                cost(evidence, key, digits)
                for key in ("latency_seconds", "multiply_adds")
                if any(cost_of(row, key) for row in rows)
            ),
            *(trade_off(evidence, probed[name], PROBED[name], False, digits) for name in probed),
        ],
        "slowest": SLOWEST,
        "cost_columns": [
            column for column in COST_COLUMNS if any(row["costs"].get(column[0]) for row in rows)
        ],
        "tuning": tuning,
        "equal_tuning": equal_tuning(tuning) if tuning else 0,
        "tuning_words": tuning_words(tuning, board["direction"], digits) if tuning else [],
        "tuning_panels": tuning_panels(tuning, metric),
        "varied": varied,
        "most_lines": MOST_LINES,
        "parallel": [
            parallel_chart(varied, metric, selected, digits, width)
            for width in (WIDE, NARROW)
            if varied
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
        "most": MOST_ROWS,
        "version": __version__,
    }


def table_script() -> dict[str, str]:
    """The script that sorts and filters tables, and the hash by which the page's policy lets it run."""
    script = resources.files("bakeoff.report").joinpath("templates/table.js").read_text("utf-8")
    digest = hashlib.sha256(script.encode()).digest()
    return {"script": script, "script_hash": f"sha256-{base64.b64encode(digest).decode()}"}


def baseline_table(board: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The baselines as rows of the leaderboard's table."""
    known = {"baseline": True, "rank": None, "ci95": None, "note": ""}
    return [OPTIONAL_ROW | known | row for row in board["baselines"]]


def useless(board: Mapping[str, Any]) -> str:
    """What is said where candidates are not better than the best baseline."""
    if not board["unbeaten"]:
        return ""
    ranked, best = (
        sum(row["rank"] is not None for row in board["candidates"]),
        board["baselines"][0],
    )
    return against_baselines(board["unbeaten"], ranked, best["name"], best["mean"])


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


def commands(evidence: Evidence, run: RunRecord | None) -> list[tuple[str, str]]:
    """Give the commands that repeat the sweep, its parts and the selected run."""
    folder = evidence.folder.resolve()
    inside = folder.parent.name == evidence.board["experiment"]
    sweep = shlex.quote(f"outputs/{folder.parent.name}/{folder.name}" if inside else folder.name)
    experiment = evidence.board["experiment"]
    found = [
        ("The whole bake-off", _or_why(sweep_command, evidence.folder, experiment)),
        ("This leaderboard and report, from the run records", f"bakeoff report {sweep}"),
    ]
    if added := _or_why(extension_commands, evidence.folder):
        found.insert(1, ("What was added to it", added))
    if evidence.selected and evidence.board["sealed_test"] is None:
        found.append(("The sealed test", f"bakeoff test {sweep}"))
    if run:
        command = _or_why(rebuild_command, evidence.folder / run.id, run)
        found.append(("The selected run alone", command))
    return found


def _or_why(command: Callable[..., str], *of: Any) -> str:
    """A command, or a comment that says why there is none."""
    try:
        return command(*of)
    except BakeoffError as error:
        return f"# {error}"
