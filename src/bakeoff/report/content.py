"""Everything that the page of a sweep shows, by the names that its template has for it."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bakeoff import __version__
from bakeoff.errors import BakeoffError
from bakeoff.report.baselines import among
from bakeoff.report.charts.seed_values import NARROW, WIDE
from bakeoff.report.claims import baseline_sentence, useless
from bakeoff.report.evidence import LEADERBOARD, Evidence
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
from bakeoff.report.provenance import provenance
from bakeoff.report.rerun import commands
from bakeoff.report.tables import (
    SLOWEST,
    baseline_table,
    cost_columns,
    metric_table,
    own_overrides,
    shared_overrides,
    table_script,
)
from bakeoff.report.tuning import equal_tuning, tuned, tuning_panels, tuning_words
from bakeoff.report.wording import against_words, decimals
from bakeoff.select.ledger import LEDGER
from bakeoff.select.statistics.words import percent
from bakeoff.showcase.palette import ACCENT, PALETTE, WARM
from bakeoff.store.inside import inside
from bakeoff.store.plain_file import read_bytes

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


def page_content(evidence: Evidence) -> dict[str, Any]:
    """Work out everything that the template shows."""
    rows = evidence.candidates
    digits = decimals([row["mean"] for row in rows], [row["std"] for row in rows])
    metric = evidence.board["metric"].removeprefix("val/")
    metrics = metric_table(evidence, metric)
    return {
        "board": evidence.board,
        "metric": metric,
        "metrics": metrics,
        "digits": digits,
        "percent": percent,
        "palette": PALETTE,
        "most": MOST_ROWS,
        "version": __version__,
        **_leaderboard(evidence),
        **_test(evidence, metric, digits),
        **_charts(evidence, metric, digits),
        **_quality_and_cost(evidence, metrics, digits),
        **_settings(evidence, metric, digits),
        **_origin(evidence),
        **table_script(len(rows)),
    }


def _leaderboard(evidence: Evidence) -> dict[str, Any]:
    """The candidates, what may be claimed of them, and what they must beat."""
    board, rows, selected = evidence.board, evidence.candidates, evidence.selected
    shared = shared_overrides(rows)
    return {
        "rows": rows,
        "table": among(rows, baseline_table(board), board["direction"]),
        "useless": useless(board),
        "shared_overrides": shared,
        "own_overrides": partial(own_overrides, shared=shared),
        "selected": selected,
        "tied": [row for row in rows if row["tied_with_best"] and row is not selected],
        "practical": next((row["practical"] for row in rows if row["practical"]), None),
        "leader": next((row["to_leader"]["leader"] for row in rows if row["to_leader"]), ""),
    }


def _test(evidence: Evidence, metric: str, digits: int) -> dict[str, Any]:
    """The sealed test, the selected run's validation beside it, and the openings."""
    board, run = evidence.board, evidence.records.get(evidence.board["selected_run"])
    sealed = {key.removeprefix("test/"): v for key, v in (board["sealed_test"] or {}).items()}
    numbers = [name for name, value in sealed.items() if value is None or _is_number(value)]
    return {
        "sealed": dict(sorted(sealed.items(), key=lambda item: (item[0] != metric, item[0]))),
        "sealed_digits": {
            name: digits if name == metric else decimals([sealed[name]]) for name in numbers
        },
        "beats_baseline": baseline_sentence(board),
        "against": list(map(against_words, board["sealed_test_against"])),
        "openings": evidence.openings,
        "run": run,
        "run_metrics": {k.removeprefix("val/"): v for k, v in run.metrics.items()} if run else {},
    }


def _is_number(value: Any) -> bool:
    return isinstance(value, float | int)


def _charts(evidence: Evidence, metric: str, digits: int) -> dict[str, Any]:
    """The values of the runs, the differences to the leader, and the learning curves."""
    return {
        "seed_charts": [seed_chart(evidence, digits, width) for width in (WIDE, NARROW)],
        "difference_charts": [
            difference_chart(evidence, digits, width) for width in (WIDE, NARROW)
        ],
        "curves": [
            curve_panels(evidence, f"Validation {metric}", {ACCENT: ("val/" + metric,)}),
            curve_panels(evidence, "Loss", {WARM: TRAIN_LOSS, ACCENT: VAL_LOSS}),
        ],
    }


def _quality_and_cost(
    evidence: Evidence, metrics: Sequence[Mapping[str, Any]], digits: int
) -> dict[str, Any]:
    """The metric against each cost that was measured, and against what the runs were probed for."""
    rows = evidence.candidates
    probed = {column["name"]: column["means"] for column in metrics if column["name"] in PROBED}
    measured = [
        key
        for key in ("latency_seconds", "multiply_adds")
        if any(cost_of(row, key) for row in rows)
    ]
    return {
        "trade_offs": [
            *(cost(evidence, key, digits) for key in ("parameters", "train_seconds", *measured)),
            *(trade_off(evidence, probed[name], PROBED[name], False, digits) for name in probed),
        ],
        "cost_columns": cost_columns(rows),
        "slowest": SLOWEST,
    }


def _settings(evidence: Evidence, metric: str, digits: int) -> dict[str, Any]:
    """What tuning brings, and which settings matter, where there are enough of them to say so."""
    rows, direction = evidence.candidates, evidence.board["direction"]
    tuning, varied = tuned(rows, direction), hyperparameters(rows)
    return {
        "tuning": tuning,
        "equal_tuning": equal_tuning(tuning) if tuning else 0,
        "tuning_words": tuning_words(tuning, direction, digits) if tuning else [],
        "tuning_panels": tuning_panels(tuning, metric),
        "varied": varied,
        "most_lines": MOST_LINES,
        "parallel": [
            parallel_chart(varied, metric, evidence.selected, digits, width)
            for width in (WIDE, NARROW)
            if varied
        ],
    }


def _text(folder: Path, name: str) -> str:
    """What a file of the folder holds; a report is passed on, so a link may not bring another into it."""
    try:
        return read_bytes(inside(folder, name)).decode(errors="replace")
    except (OSError, BakeoffError):
        return ""


def _origin(evidence: Evidence) -> dict[str, Any]:
    """The runs and their failures, what they were made of, and how to make them again."""
    runs = [run for row in evidence.candidates for run in evidence.every_run(row)]
    run = evidence.records.get(evidence.board["selected_run"])
    config = f"{evidence.board['selected_run']}/.hydra/config.yaml"
    return {
        "runs": runs,
        "lost": lost_runs(runs),
        "completed": any(run.status == "completed" for run in runs),
        "notes": [*filter(None, [evidence.board["edited"]]), *evidence.notes],
        "provenance": provenance(runs),
        "showcase": evidence.showcase,
        "tables": evidence.tables,
        # As saved, unresolved: an interpolation may name a secret of the machine that trained it.
        "config": _text(evidence.folder, config),
        "commands": commands(evidence, run),
        "files": [(name, what) for name, what in FILES if (evidence.folder / name).exists()],
        "folder": evidence.folder.resolve().name,
    }
