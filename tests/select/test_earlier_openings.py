"""Openings of the same test data by other sweeps, and for an earlier selection."""

import shutil
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

from tests.select.ledgers import opened

from bakeoff.select.earlier_openings import earlier_selections, known_now, openings_elsewhere
from bakeoff.select.ledger import LEDGER, OPENING, RESULT, enter


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


def opened_as_bakeoff_does(sweep: Path, run: str) -> None:
    opened(sweep, run, known=known_now(sweep, "t1"))


def at(monkeypatch, year: int) -> None:
    """The time of what is entered from here on."""
    clock = SimpleNamespace(now=lambda zone: datetime(year, 1, 1, tzinfo=zone))
    for module in ("ledger", "earlier_openings"):
        monkeypatch.setattr(f"bakeoff.select.{module}.datetime", clock)


def test_a_copy_elsewhere_tells_of_the_openings_that_its_sweep_knew(tmp_path, monkeypatch):
    first, second, third = (tmp_path / "here" / "e" / str(number) for number in (1, 2, 3))
    for year, sweep in enumerate((first, second, third), start=2021):
        at(monkeypatch, year)
        opened_as_bakeoff_does(sweep, sweep.name)
    copy = tmp_path / "there" / "e" / "3"
    shutil.copytree(third, copy)
    found = openings_elsewhere(copy, "t1", before="9999")
    assert [(line["sweep"], line["run"]) for line in found] == [("e/1", "1"), ("e/2", "2")]
    assert found == [
        {key: line[key] for key in found[0]}
        for line in openings_elsewhere(third, "t1", before="9999")
    ]
    assert openings_elsewhere(copy, "other data", before="9999") == []


def test_what_a_neighbour_knew_counts_without_what_this_sweep_opened(tmp_path, monkeypatch):
    first, second, third = (tmp_path / "here" / "e" / str(number) for number in (1, 2, 3))
    for year, sweep in enumerate((first, second, third), start=2021):
        at(monkeypatch, year)
        opened_as_bakeoff_does(sweep, sweep.name)
    for sweep in (second, third):
        shutil.copytree(sweep, tmp_path / "there" / "e" / sweep.name)
    found = openings_elsewhere(tmp_path / "there" / "e" / "2", "t1", before="9999")
    assert [line["run"] for line in found] == ["1", "3"]
    new = tmp_path / "there" / "e" / "new"
    shutil.rmtree(tmp_path / "there" / "e" / "2")
    assert [line["run"] for line in openings_elsewhere(new, "t1", before="9999")] == ["1", "2", "3"]


def test_a_ledger_that_cannot_be_read_counts_as_an_opening(tmp_path):
    opened(tmp_path / "a" / "1")
    (tmp_path / "a" / "1" / LEDGER).write_text("garbage\n")
    (line,) = openings_elsewhere(tmp_path / "b" / "2", "t1", before="9999")
    assert line["sweep"] == "a/1"
    assert "damaged" in line["error"]


def test_openings_are_told_oldest_first_wherever_they_lie(tmp_path, monkeypatch):
    for sweep, year in (("a", 2026), ("b", 2024), ("c", 2025)):
        at(monkeypatch, year)
        opened(tmp_path / sweep / "1")
    found = openings_elsewhere(tmp_path / "d" / "1", "t1", before="9999")
    assert [line["sweep"] for line in found] == ["b/1", "c/1", "a/1"]


def test_an_opening_for_an_earlier_selection_of_the_sweep_is_found(tmp_path):
    """As after a lost run was trained again and another one came to be selected."""
    sweep = tmp_path / "a" / "1"
    opened(sweep, "first")
    opened(sweep, "second")
    found = earlier_selections(sweep, "second")
    assert [(line["sweep"], line["run"]) for line in found] == [("a/1", "first")]
    assert earlier_selections(sweep, "first") == []


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
