"""The ledger finds every change."""

import json

import pytest
from tests.select.ledgers import opened

from bakeoff.errors import BakeoffError
from bakeoff.select.ledger import (
    LEDGER,
    OPENING,
    RESULT,
    TRAINING,
    after_opening,
    enter,
    is_opened,
    read_ledger,
    result_of,
)


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
    assert "for run r1: that evaluation has left no result" in after_opening(tmp_path)
    opened(tmp_path, "r1")
    assert after_opening(tmp_path) == ""


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


def test_the_latest_result_of_a_run_stands(tmp_path):
    opened(tmp_path)
    enter(tmp_path, RESULT, {"run": "r1", "test_fingerprint": "t1", "result": {"accuracy": 0.6}})
    assert result_of(tmp_path, "r1")["result"] == {"accuracy": 0.6}


def test_runs_that_were_trained_after_an_opening_are_told_once_each(tmp_path):
    assert not is_opened(tmp_path)
    opened(tmp_path)
    assert is_opened(tmp_path)
    assert after_opening(tmp_path) == ""
    enter(tmp_path, TRAINING, {"runs": ["r2", "r3"]})
    enter(tmp_path, TRAINING, {"runs": ["r3"]})
    day = read_ledger(tmp_path)[0]["time"][:10]
    assert f"this sweep opened it on {day}, and has trained 2 runs since" in after_opening(tmp_path)
