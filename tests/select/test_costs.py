"""Costs of candidates and their Pareto fronts."""

import csv
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.select.costs import COSTS, MEASURED, front, fronts, mean_costs, run_costs
from bakeoff.select.ranking import select
from bakeoff.store.record import Metric, RunRecord


def run(name, value, status="completed", seed=0, **costs):
    return RunRecord(
        f"{name}{seed}", status, "e", "t", name, [f"seed={seed}"], seed, Metric("score", "max", value),
        **costs,
    )  # fmt: skip


def test_a_front_by_hand():
    points = {
        "small": (0.5, 1),
        "middle": (0.7, 5),
        "worse": (0.6, 5),
        "large": (0.9, 9),
        "dear": (0.9, 10),
    }
    assert front(points, "max") == {"small", "middle", "large"}
    assert front(points, "min") == {"small"}
    assert front({"a": (0.5, 1), "b": (0.5, 1)}, "max") == {"a", "b"}
    assert front({}, "max") == set()


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=9))
def test_every_point_off_the_front_is_dominated_by_one_on_it(points):
    named = dict(enumerate(points))
    on = front(named, "max")
    assert on
    for name, (quality, cost) in named.items():
        better = [
            other for other in on
            if named[other] != (quality, cost) and named[other][0] >= quality and named[other][1] <= cost
        ]  # fmt: skip
        assert bool(better) == (name not in on)


def test_costs_are_means_of_what_is_known():
    times = {"single": {"median": 2.0, "p95": 3.0}, "batch": {"median": 4.0, "p95": 5.0}}
    runs = [
        run("a", 0.5, parameters=10, latency=times, multiply_adds=7),
        run("a", 0.6, parameters=10),
    ]
    assert mean_costs(runs) == {
        "parameters": 10, "multiply_adds": 7, "latency_seconds": 2, "latency_p95": 3,
        "batch_latency_seconds": 4, "batch_latency_p95": 5,
    }  # fmt: skip
    assert run_costs(run("a", 0.5)).keys() == set(MEASURED) >= set(COSTS)


def test_a_candidate_without_a_cost_is_on_no_front_of_it():
    rows = [("a", 0.5, {"parameters": 1}), ("b", 0.9, {}), ("c", None, {"parameters": 0})]
    assert fronts(rows, "max") == {"a": ["parameters"], "b": []}


def test_the_leaderboard_has_means_and_fronts(tmp_path):
    runs = [
        run("small", 0.5, parameters=10, train_seconds=4.0),
        run("large", 0.9, parameters=99, train_seconds=4.0, checkpoint_bytes=5),
        run("bad", 0.4, parameters=10, train_seconds=4.0),
        run("lucky", 0.95, parameters=1, train_seconds=1.0),
        run("lucky", None, "failed", 1),
    ]
    board = select(runs)
    rows = {row.name: row for row in board.candidates}
    assert rows["small"].pareto == ["parameters"]
    assert rows["large"].pareto == ["parameters", "train_seconds", "checkpoint_bytes"]
    assert rows["bad"].pareto == rows["lucky"].pareto == []
    assert rows["large"].costs == {"parameters": 99, "train_seconds": 4, "checkpoint_bytes": 5}
    board.write(tmp_path)
    written = json.loads((tmp_path / "leaderboard.json").read_text())["candidates"]
    assert {row["name"]: row["pareto"] for row in written}["small"] == ["parameters"]
    with (tmp_path / "leaderboard.csv").open() as file:
        flat = {row["name"]: row for row in csv.DictReader(file)}
    assert flat["large"]["pareto"] == "parameters train_seconds checkpoint_bytes"
    assert float(flat["large"]["checkpoint_bytes"]) == 5 and flat["small"]["checkpoint_bytes"] == ""
    assert float(flat["small"]["parameters"]) == 10


def test_runs_without_a_winner_have_no_front():
    board = select([run("a", 0.5, parameters=1), run("b", None, "running", parameters=1)])
    assert [row.pareto for row in board.candidates] == [[], []]
    assert pytest.approx(board.candidates[0].costs["parameters"]) == 1
