"""The ledger finds every change, and openings of the same test data by other sweeps."""

import json
import shutil
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.select.ledger import (
    LEDGER,
    OPENING,
    RESULT,
    TRAINING,
    after_opening,
    earlier_selections,
    enter,
    is_opened,
    openings_elsewhere,
    read_ledger,
    result_of,
)


def opened(sweep: Path, run: str = "r1", test: str = "t1") -> None:
    sweep.mkdir(parents=True, exist_ok=True)
    entry = {"run": run, "test_fingerprint": test}
    enter(sweep, OPENING, entry)
    enter(sweep, RESULT, {**entry, "result": {"accuracy": 0.5}})


def test_an_opening_and_its_result_are_read_back(tmp_path):
    opened(tmp_path)
    opening, result = read_ledger(tmp_path)
    assert (opening["event"], opening["run"], opening["previous"]) == (OPENING, "r1", "")
    assert result["previous"] == opening["digest"]
    assert result_of(tmp_path, "r1")["result"] == {"accuracy": 0.5}
    assert result_of(tmp_path, "r2") is None


def test_an_evaluation_that_was_cut_short_is_an_opening_without_a_result(tmp_path):
    enter(tmp_path, OPENING, {"run": "r1", "test_fingerprint": "t1"})
    assert [line["event"] for line in read_ledger(tmp_path)] == [OPENING]
    assert result_of(tmp_path, "r1") is None


def edited(lines: list[str]) -> list[str]:
    line = json.loads(lines[-1])
    line["result"]["accuracy"] = 0.99
    return [*lines[:-1], json.dumps(line) + "\n"]


@pytest.mark.parametrize(
    "change",
    [
        edited,
        lambda lines: lines[1:],
        lambda lines: [lines[1], lines[0]],
        lambda lines: [*lines[:-1], lines[-1][:-20]],
        lambda lines: [*lines[:-1], lines[-1].rstrip("\n")],
        lambda lines: [*lines, "{}\n"],
        lambda lines: [*lines, "[1]\n"],
        lambda lines: [*lines, "[" * 100_000 + "\n"],
        lambda lines: [lines[0], "\n", lines[1]],
        lambda lines: [*lines, "\udcff\udcfe\n"],
    ],
    ids=[
        "edited",
        "removed",
        "swapped",
        "truncated",
        "no-newline",
        "empty",
        "list",
        "deep",
        "blank",
        "binary",
    ],
)
def test_a_changed_ledger_is_refused(tmp_path, change):
    opened(tmp_path)
    path = tmp_path / LEDGER
    lines = path.read_text().splitlines(keepends=True)
    path.write_bytes("".join(change(lines)).encode(errors="surrogateescape"))
    with pytest.raises(BakeoffError, match="restore the file from a copy"):
        read_ledger(tmp_path)
    with pytest.raises(BakeoffError):  # nothing is appended to what cannot be trusted
        enter(tmp_path, OPENING, {"run": "r2"})


def test_openings_of_the_same_data_by_other_sweeps_are_found(tmp_path):
    opened(tmp_path / "a" / "1", "earlier")
    opened(tmp_path / "b" / "1", "other data", test="t2")
    opened(tmp_path / "b" / "2", "this one")
    (tmp_path / "a" / "latest").symlink_to("1")
    found = openings_elsewhere(tmp_path / "b" / "2", "t1", before="9999")
    assert [(line["sweep"], line["run"]) for line in found] == [("a/1", "earlier")]
    assert openings_elsewhere(tmp_path / "b" / "2", "t1", before="2000") == []
    assert openings_elsewhere(tmp_path / "b" / "2", "t3", before="9999") == []


def test_a_sweep_in_a_place_of_its_own_is_beside_the_others(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    outputs = tmp_path / "outputs"
    for place in ("a/1", "special"):
        opened(outputs / place, place)
    found = openings_elsewhere(outputs / "special", "t1", before="9999")
    assert [line["run"] for line in found] == ["a/1"]
    assert [
        line["run"] for line in openings_elsewhere(outputs / "a" / "1", "t1", before="9999")
    ] == ["special"]


def test_an_opening_counts_once_however_often_its_sweep_was_copied(tmp_path):
    opened(tmp_path / "a" / "1", "earlier")
    opened(tmp_path / "b" / "2", "this one")
    for copied, place in (("a/1", "a/copy"), ("b/2", "b/copy")):
        shutil.copytree(tmp_path / copied, tmp_path / place)
    found = openings_elsewhere(tmp_path / "b" / "2", "t1", before="9999")
    assert [(line["sweep"], line["run"]) for line in found] == [("a/1", "earlier")]


def test_a_ledger_that_cannot_be_read_counts_as_an_opening(tmp_path):
    opened(tmp_path / "a" / "1")
    (tmp_path / "a" / "1" / LEDGER).write_text("garbage\n")
    (line,) = openings_elsewhere(tmp_path / "b" / "2", "t1", before="9999")
    assert line["sweep"] == "a/1"
    assert "damaged" in line["error"]


def test_openings_are_told_oldest_first_wherever_they_lie(tmp_path, monkeypatch):
    for sweep, year in (("a", 2026), ("b", 2024), ("c", 2025)):
        monkeypatch.setattr(
            "bakeoff.select.ledger.datetime",
            SimpleNamespace(now=lambda zone, year=year: datetime(year, 1, 1, tzinfo=zone)),
        )
        opened(tmp_path / sweep / "1")
    found = openings_elsewhere(tmp_path / "d" / "1", "t1", before="9999")
    assert [line["sweep"] for line in found] == ["b/1", "c/1", "a/1"]


def test_the_latest_result_of_a_run_stands(tmp_path):
    opened(tmp_path)
    enter(tmp_path, RESULT, {"run": "r1", "test_fingerprint": "t1", "result": {"accuracy": 0.6}})
    assert result_of(tmp_path, "r1")["result"] == {"accuracy": 0.6}


def test_an_opening_for_an_earlier_selection_of_the_sweep_is_found(tmp_path):
    """As after a lost run was trained again and another one came to be selected."""
    sweep = tmp_path / "a" / "1"
    opened(sweep, "first")
    opened(sweep, "second")
    found = earlier_selections(sweep, "second")
    assert [(line["sweep"], line["run"]) for line in found] == [("a/1", "first")]
    assert earlier_selections(sweep, "first") == []


def test_runs_that_were_trained_after_an_opening_are_told_once_each(tmp_path):
    assert not is_opened(tmp_path)
    opened(tmp_path)
    assert is_opened(tmp_path)
    assert after_opening(tmp_path) == ""
    enter(tmp_path, TRAINING, {"runs": ["r2", "r3"]})
    enter(tmp_path, TRAINING, {"runs": ["r3"]})
    day = read_ledger(tmp_path)[0]["time"][:10]
    assert f"this sweep opened it on {day}, and has trained 2 runs since" in after_opening(tmp_path)


def test_runs_of_one_opening_are_no_earlier_selection_of_each_other(tmp_path):
    sweep = tmp_path / "a" / "1"
    opened(sweep, "other")  # alone, for an earlier selection
    both = {"test_fingerprint": "t1", "together": ["chosen", "other"]}
    for run in both["together"]:
        enter(sweep, OPENING, {**both, "run": run})
    for run in reversed(both["together"]):
        enter(sweep, RESULT, {**both, "run": run, "result": {}})
    (line,) = earlier_selections(sweep, "chosen")
    assert line["run"] == "other" and "together" not in line
