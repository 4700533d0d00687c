"""The leaderboard as CSV."""

import csv
from dataclasses import asdict
from io import StringIO

from tests.select.runs import of_data, run

from bakeoff.select.flat_table import csv_text
from bakeoff.select.ranking import select


def test_baselines_are_lines_without_a_rank_behind_the_candidates():
    floor = [of_data("d", run(name, 0, value)) for name, value in (("rule", 0.6), ("=cmd", 0.1))]
    board = select([of_data("d", run("net", 0, 0.5))], baselines=floor)
    content = asdict(board)
    lines = list(csv.DictReader(StringIO(csv_text(content["candidates"], content["baselines"]))))
    assert [(row["name"], row["role"], row["rank"], row["mean"]) for row in lines] == [
        ("net", "candidate", "1", "0.5"),
        ("rule", "baseline", "", "0.6"),
        ("'=cmd", "baseline", "", "0.1"),
    ]
    assert lines[1]["runs"] == "rule-0" and lines[1]["status_counts"] == "completed=1"
