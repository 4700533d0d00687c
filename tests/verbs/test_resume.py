"""A sweep whose driver was killed goes on, and ends with the numbers of one that was not."""

import json
import re
import signal
import time

from bakeoff.store import record


def numbers(sweep):
    """The leaderboard without times."""
    board = json.loads((sweep / "leaderboard.json").read_text())
    kept = ("name", "rank", "mean", "std", "ci95", "n", "runs", "status_counts")
    rows = [{key: row[key] for key in kept} for row in board["candidates"]]
    return rows, board["selected_run"], board["sealed_test"]


def test_a_killed_sweep_resumes_to_the_same_leaderboard(swept, workplace):
    # One at a time: the sweep cannot have ended by the time that its command is killed.
    process = workplace.start("run", "tiny", "hydra.launcher.n_jobs=1")
    outputs = workplace.folder / "outputs" / "tiny"
    try:
        deadline = time.monotonic() + 200
        while not any(record.read(path.parent).epochs for path in outputs.glob("2*/*/run.json")):
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    done = workplace.run("resume", "tiny/latest")
    assert done.returncode == 0, done.stderr
    assert re.search(r"to train        [234] of 4 runs", done.stdout)
    sweep = (outputs / "latest").resolve()
    assert {run.status for run in record.read_all(sweep)} == {"completed"}
    whole = (swept[0].folder / "outputs" / "tiny" / "latest").resolve()
    assert numbers(sweep) == numbers(whole)


def test_what_cannot_be_changed_is_refused_where_nothing_is_left_to_train(swept):
    done = swept[0].run("resume", "tiny/latest", "seed=7")
    assert done.returncode == 1 and done.stdout == ""
    assert "seed=7: a sweep goes on as it was planned" in done.stderr
    assert "`bakeoff extend` adds candidates and seeds" in done.stderr
