"""The files of the leaderboard."""

import csv
import json
from pathlib import Path

import pytest
from tests.select.runs import MEDIAN, run, seeds

from bakeoff.select.ranking import select


def test_both_files_say_the_same(tmp_path: Path):
    board = select([run("a", 0, 0.5), run("a", 1, 0.7), run("b", 0, None, "failed")])
    board.write(tmp_path)
    content = json.loads((tmp_path / "leaderboard.json").read_text())
    assert list(content) == [
        "experiment", "task", "metric", "direction", "candidates", "selected", "selected_run",
        "sealed_test", "problems", "notes", "baselines", "unbeaten", "earlier_openings",
        "selected_by", "replicates",
        "after_opening", "edited", "mixed", "part",
        "sealed_test_ci95", "sealed_test_units", "sealed_test_gap", "sealed_test_against",
        "sealed_test_baseline",
        "finals", "awaits",
    ]  # fmt: skip
    with (tmp_path / "leaderboard.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == [row["name"] for row in content["candidates"]]
    assert float(rows[0]["mean"]) == content["candidates"][0]["mean"] == pytest.approx(0.6)
    assert float(rows[0]["ci95_low"]) == content["candidates"][0]["ci95"][0]
    assert rows[1]["mean"] == "" and rows[1]["status_counts"] == "failed=1"


def test_the_probability_of_a_difference_that_matters_stands_in_the_row(tmp_path: Path):
    board = select(seeds("a", 0.80, 0.82, 0.81) + seeds("b", 0.70, 0.73, 0.71), selection=MEDIAN)
    first, second = board.candidates
    assert first.practical is None
    assert (second.practical["leader"], second.practical["margin"]) == ("a", 0.02)
    assert second.practical["worse"] > 0.95
    board.write(tmp_path)
    with (tmp_path / "leaderboard.csv").open() as file:
        assert [row["worse"] for row in csv.DictReader(file)] == [
            "",
            str(second.practical["worse"]),
        ]
