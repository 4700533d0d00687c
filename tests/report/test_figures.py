"""What of a sweep's evidence is drawn, and what is said instead."""

from pathlib import Path

import pytest

from bakeoff.report import figures
from bakeoff.report.charts.seed_values import WIDE
from bakeoff.report.curves import EPOCH, Curve
from bakeoff.report.evidence import Evidence
from bakeoff.report.figures import MOST_PANELS, MOST_ROWS, cost, curve_panels, seed_chart, trade_off
from bakeoff.store.record import Metric, RunRecord


def row(name: str, mean: float | None, *runs: str, **more) -> dict:
    ci95 = None if mean is None else (mean - 0.1, mean + 0.1)
    known = {
        "name": name,
        "mean": mean,
        "ci95": ci95,
        "runs": list(runs),
        "costs": {},
        "pareto": [],
    }
    return known | more


def run(name: str, value: float | None, seed=0, status="completed", epoch=1) -> RunRecord:
    metric = Metric("score", "max", value, epoch)
    return RunRecord(name, status, "e", "t", "c", [], seed, metric)


def evidence(
    rows: list[dict], runs: list[RunRecord], curves=None, selected=0, baselines=()
) -> Evidence:
    return Evidence(
        folder=Path("sweep"),
        board={
            "metric": "score",
            "selected": rows[selected]["name"],
            "candidates": rows,
            "baselines": list(baselines),
        },
        records={record.id: record for record in runs},
        curves={record.id: {} for record in runs} | (curves or {}),
        openings=[],
        showcase=[],
        tables=[],
        notes=[],
    )


def curve(*values: float, first=0) -> Curve:
    return Curve(list(range(first, first + len(values))), list(values))


TWO = evidence(
    [row("deep", 0.8, "a", "b"), row("flat", 0.5, "c", "gone")],
    [run("a", 0.75), run("b", 0.85, seed=1), run("c", 0.5, status="failed")],
)


def test_every_run_with_a_value_is_a_dot_that_says_how_it_ended(chart):
    found = chart(seed_chart(TWO, 3, WIDE))
    assert found.tips == [
        "seed 0: 0.750 (completed, run a)",
        "seed 1: 0.850 (completed, run b)",
        "seed 0: 0.500 (failed, run c)",
    ]
    assert {"deep", "0.800", "flat", "0.500"} <= set(found.texts)
    assert "fill: var(--paper)" in found.style(found.tips[2])
    assert "var(--accent)" in found.texts["deep"].attrib["style"]


def test_no_value_is_no_chart_and_a_value_of_zero_is_one():
    assert seed_chart(evidence([row("deep", None, "a")], [run("a", None)]), 3, WIDE) is None
    assert seed_chart(evidence([row("deep", 0.0, "a")], [run("a", 0.0)]), 3, WIDE) is not None


VALIDATION = {"#176b8c": ("val/score",)}


def test_a_panel_has_the_runs_their_mean_where_each_was_best_and_the_selected_candidates_mean(
    chart,
):
    logged = {"val/score": curve(0.1, 0.3, 0.2), EPOCH: curve(0, 1, 2)}
    other = {"val/score": curve(0.3, 0.5), EPOCH: curve(0, 1)}
    curves = {"a": logged, "b": other, "c": {"val/score": curve(0.4), EPOCH: curve(0)}}
    drawn = curve_panels(
        evidence(TWO.candidates, list(TWO.records.values()), curves), "s", VALIDATION
    )
    assert [name for name, _ in drawn["panels"]] == ["deep", "flat"]
    deep, flat = (chart(svg) for _, svg in drawn["panels"])
    assert deep.tips == [
        "val/score, seed 0 (completed)",
        "val/score, seed 1 (completed)",
        "val/score, mean of the runs",
        "val/score, seed 0 (completed): best",
        "val/score, seed 1 (completed): best",
    ]
    assert flat.tips == ["deep: mean", "val/score, seed 0 (failed)"]
    best = [deep.place(f"val/score, seed {seed} (completed): best") for seed in (0, 1)]
    assert best[0][0] == best[1][0]  # both in epoch 1
    assert best[0][1] > best[1][1]  # where 0.3 is below 0.5


def test_the_first_tag_that_was_logged_counts(chart):
    one = evidence([row("deep", 0.8, "a")], [run("a", 0.8)], {"a": {"new": curve(1, 2)}})
    drawn = curve_panels(one, "Loss", {"#b57a25": ("old", "new"), "#176b8c": ("none",)})
    assert chart(drawn["panels"][0][1]).tips == ["new, seed 0 (completed)", "old, mean of the runs"]


def test_without_curves_there_are_no_panels():
    assert curve_panels(TWO, "Loss", VALIDATION) == {"title": "Loss", "panels": [], "left_out": 0}


def test_many_candidates_are_cut_to_the_best_and_counted(monkeypatch, chart):
    monkeypatch.setattr(figures, "draw_learning_curves", lambda *_: "<svg/>")
    names = [f"c{i}" for i in range(MOST_ROWS + 2)]
    many = evidence(
        [row(name, 0.5, name) for name in names],
        [run(name, 0.5) for name in names],
        {name: {"val/score": curve(0.1, 0.2)} for name in names},
    )
    drawn = curve_panels(many, "score", VALIDATION)
    assert [name for name, _ in drawn["panels"]] == names[:MOST_PANELS]
    assert drawn["left_out"] == len(names) - MOST_PANELS
    assert len(chart(seed_chart(many, 2, WIDE)).tips) == MOST_ROWS


def scale_of(monkeypatch, curves: dict[str, dict[str, Curve]]):
    """The scale that panels get: of run a, completed, and c, which failed."""
    given = []
    monkeypatch.setattr(
        figures, "draw_learning_curves", lambda traces, scale, label: given.append(scale)
    )
    curve_panels(evidence(TWO.candidates, list(TWO.records.values()), curves), "s", VALIDATION)
    assert given[0] == given[-1]
    return given[0]


def test_a_run_that_failed_does_not_stretch_the_scale(monkeypatch):
    curves = {
        "a": {"val/score": curve(1.0, 2.0), EPOCH: curve(0, 1)},
        "c": {"val/score": curve(1e9), EPOCH: curve(0)},
    }
    scale = scale_of(monkeypatch, curves)
    assert scale.y == pytest.approx((0.94, 2.06))
    assert scale.x == pytest.approx((-0.02, 1.02))
    assert (scale.log, scale.x_label) == (False, "epoch")


def test_values_that_span_decades_are_on_a_log_scale_and_steps_are_named(monkeypatch):
    scale = scale_of(monkeypatch, {"a": {"val/score": curve(0.01, 1.0)}})
    assert (scale.log, scale.x_label) == (True, "step")
    assert not scale_of(monkeypatch, {"a": {"val/score": curve(0.0, 1.0)}}).log


def test_costs_are_in_a_unit_to_read(chart):
    rows = [row("a", 0.5, train_seconds=600.0), row("b", 0.6, train_seconds=1200.0)]
    drawn = cost(evidence(rows, []), "train_seconds", 2)
    assert drawn["title"] == "Score against minutes of training"
    assert chart(drawn["svg"]).tips == [
        "a: 0.50 at 10 minutes of training",
        "b: 0.60 at 20 minutes of training",
    ]


@pytest.mark.parametrize(
    ("seconds", "unit"),
    [(299, "seconds"), (300, "minutes"), (10_799, "minutes"), (10_800, "hours")],
)
def test_the_longest_training_chooses_the_unit(seconds, unit):
    rows = [row("a", 0.5, train_seconds=seconds), row("b", 0.6, train_seconds=1.0)]
    assert cost(evidence(rows, []), "train_seconds", 2)["title"].endswith(f"{unit} of training")


@pytest.mark.parametrize(
    ("seconds", "unit"),
    [(9e-4, "microseconds"), (1e-3, "milliseconds"), (0.9, "milliseconds"), (1.0, "seconds")],
)
def test_short_times_have_short_units(seconds, unit):
    rows = [row("a", 0.5, costs={"latency_seconds": t}) for t in (seconds, seconds / 2)]
    rows[1]["name"] = "b"
    drawn = cost(evidence(rows, []), "latency_seconds", 2)
    assert drawn["title"] == f"Score against {unit} of one prediction"


def test_a_line_joins_the_pareto_front(chart):
    rows = [
        row("a", 0.5, costs={"multiply_adds": 1e3}, pareto=["multiply_adds"]),
        row("b", 0.6, costs={"multiply_adds": 1e4}, pareto=["multiply_adds", "parameters"]),
        row("c", 0.4, costs={"multiply_adds": 1e5}),
    ]

    def dotted() -> int:
        return cost(evidence(rows, []), "multiply_adds", 2)["svg"].count("stroke-dasharray")

    joined = dotted()
    rows[0]["pareto"] = []  # a single point is no line
    assert joined == dotted() + 1


def test_what_cannot_be_compared_is_said():
    same = [row("a", 0.5, parameters=10), row("b", 0.6, parameters=10)]
    assert cost(evidence(same, []), "parameters", 2)["note"] == "Every candidate has the same."
    alone = [row("a", 0.5, parameters=10), row("b", None, parameters=20)]
    drawn = cost(evidence(alone, []), "parameters", 2)
    assert (drawn["svg"], drawn["note"]) == (None, "There is nothing to compare.")


def test_the_selected_candidate_is_labelled_first(chart):
    rows = [row("other", 0.5), row("chosen", 0.6), row("unmeasured", 0.7)]
    costs = {"other": 1.0, "chosen": 2.0}
    drawn = trade_off(evidence(rows, [], selected=1), costs, "gap", False, 2)
    found = chart(drawn["svg"])
    assert found.tips == ["chosen: 0.60 at 2 gap", "other: 0.50 at 1 gap"]
    assert drawn["note"] == ""


def test_names_without_room_are_told():
    rows = [row(f"a candidate with a long name {i:02}", 0.5) for i in range(60)]
    costs = {r["name"]: 10 + 1e-3 * i for i, r in enumerate(rows)}
    assert (
        "Names left out for want of room: "
        in trade_off(evidence(rows, []), costs, "gap", False, 2)["note"]
    )


def test_differences_to_the_leader_are_drawn_with_their_intervals(chart):
    gap = {"leader": "deep", "mean": -0.3, "ci95": (-0.5, 0.1), "n": 3, "analysis": "pooled"}
    rows = [
        row("deep", 0.8, tied_with_best=True, to_leader=None),
        row("flat", 0.5, tied_with_best=True, to_leader=gap),
    ]
    found = chart(figures.difference_chart(evidence(rows, []), 2, WIDE))
    assert found.tips == ["flat: −0.30, 95 % interval −0.50 to +0.10 (3 shared)"]
    assert figures.difference_chart(evidence(rows[:1], []), 2, WIDE) is None


def test_the_best_baseline_is_a_line_with_its_name(chart):
    floor = [{"name": "knn", "mean": 0.6}, {"name": "majority", "mean": 0.1}]
    rows = [row("deep", 0.8, "a"), row("flat", 0.5, "c")]
    made = evidence(rows, [run("a", 0.8), run("c", 0.5)], baselines=floor)
    assert "baseline knn 0.60" in chart(seed_chart(made, 2, WIDE)).texts
    svg = trade_off(made, {"deep": 1.0, "flat": 2.0}, "gap", False, 2)["svg"]
    assert "baseline knn 0.60" in chart(svg).texts
    none = evidence(rows, [run("a", 0.8)], baselines=[{"name": "own", "mean": None}])
    assert not any("baseline" in text for text in chart(seed_chart(none, 2, WIDE)).texts)
