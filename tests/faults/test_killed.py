"""The command is killed with SIGKILL before, while and after it writes each of its files."""

import pytest
from tests.faults.checks import answer, check_truth, check_whole, intact
from tests.faults.place import Place

pytestmark = pytest.mark.slow

TRAINING = [
    "before:driver:*/run.json",
    "after:driver:*/run.json",
    "during:driver:*/checkpoints/best.ckpt",
    "after:driver:*/checkpoints/best.ckpt",
    "before:driver:*/checkpoints/last.ckpt",
    "after:driver:*/checkpoints/last.ckpt",
    "after:driver:*/run.json#2",
]
OPENING = [
    "after:driver:*/test_ledger.jsonl",  # "opening" is written
    "before:driver:*/test_ledger.jsonl#2",  # the result is not
    "after:driver:*/test_ledger.jsonl#2",
]
SHOWN = (
    "leaderboard.json",
    "leaderboard.csv",
    "best/weights.ckpt",
    "best/command.txt",
    "report.html",
)
SHOWING = [f"{moment}:driver:*/{file}" for file in SHOWN for moment in ("before", "after")]


@pytest.mark.parametrize("moment", ["before", "during"])
def test_a_command_killed_before_its_plan_is_there_has_left_no_sweep(place: Place, moment):
    outside = place.elsewhere()
    place.killed(f"{moment}:driver:*/plan.json", "run", "small")
    for verb in ("resume", "report", "test"):
        refused = place.command(verb, "small/latest")
        assert refused.status == 1 and "Traceback" not in refused.err
    assert place.elsewhere() == outside


def test_a_command_killed_while_it_trains_goes_on(place: Place, reference, monkeypatch, capsys):
    """Killed at one point after the other, always going on from there."""
    monkeypatch.chdir(place.folder)
    outside = place.elsewhere()
    place.killed("after:driver:*/plan.json", "run", "small")
    finished = {}
    for fault in [*TRAINING, "before:driver:*/test_ledger.jsonl"]:
        assert intact(place.sweep).items() >= finished.items(), f"damaged before {fault}"
        finished = intact(place.sweep)
        for verb in ("report", "test"):
            status, said = answer(capsys, verb, "small/latest")
            assert status == 1 and "is selected" not in said
        check_truth(place)
        place.killed(fault, "resume", "small/latest")
    resumed = place.command("resume", "small/latest")
    assert resumed.status == 0, resumed.err
    assert intact(place.sweep).items() >= finished.items()
    check_whole(place, reference)
    assert place.elsewhere() == outside


def test_a_command_killed_while_it_concludes_goes_on(concluding: Place, reference):
    outside, finished = concluding.elsewhere(), intact(concluding.sweep)
    for fault in [*OPENING, *SHOWING]:
        concluding.killed(fault, "resume", "small/latest")
        check_truth(concluding)
    done = concluding.command("resume", "small/latest")
    assert done.status == 0, done.err
    assert intact(concluding.sweep) == finished
    # Each opening that was cut short counts as one.
    check_whole(concluding, reference, openings=len(OPENING))
    assert concluding.elsewhere() == outside
