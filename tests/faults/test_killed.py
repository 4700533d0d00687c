"""The command is killed with SIGKILL while and after it writes its files."""

import pytest
from tests.faults.conftest import Place, answer, check_truth, check_whole, intact

pytestmark = pytest.mark.slow

TRAINING = [
    "during:driver:*/plan.json",
    "after:driver:*/plan.json",
    "during:driver:*/run.json",
    "during:driver:*/checkpoints/best.ckpt",
]


@pytest.mark.parametrize("fault", TRAINING)
def test_a_command_killed_while_it_trains_goes_on(
    place: Place, reference, monkeypatch, capsys, fault
):
    outside = place.elsewhere()
    place.killed(fault, "run", "small")
    sweep, finished = place.sweep, intact(place.sweep)
    if not (sweep / "plan.json").exists():  # nothing was planned: nothing claims to be a sweep
        refused = place.command("resume", "small/latest")
        assert refused.status == 1 and "plan.json" in refused.err
        assert "Traceback" not in refused.err
        return
    monkeypatch.chdir(place.folder)
    for verb in ("report", "test"):
        status, said = answer(capsys, verb, "small/latest")
        assert status == 1 and "is selected" not in said
    check_truth(place)
    resumed = place.command("resume", "small/latest")
    assert resumed.status == 0, resumed.err
    assert intact(sweep).items() >= finished.items()
    check_whole(place, reference)
    assert place.elsewhere() == outside
