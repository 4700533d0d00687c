"""A finished sweep gets more seeds, is ranked anew, and says that its test set was open before."""

import json
import shutil

from bakeoff.select.ledger import read_ledger
from bakeoff.store import record
from bakeoff.sweep.commands import sweep_name


def test_a_finished_sweep_is_extended(swept, tmp_path):
    first = (swept[0].folder / "outputs" / "tiny" / "latest").resolve()
    sweep = swept[0].folder / "outputs" / "extended" / "one"
    shutil.copytree(first, sweep)
    said = swept[0].run("extend", "extended/one", "seed=2", "--dry-run")
    assert said.stdout.splitlines() == [
        "  1/2  optimizer.lr=0.001 seed=2",
        "  2/2  optimizer.lr=0.01 seed=2",
    ]
    done = swept[0].run("extend", "extended/one", "seed=range(3)")
    assert done.returncode == 0, done.stderr
    assert "added           2 runs" in done.stdout
    board = json.loads((sweep / "leaderboard.json").read_text())
    assert [row["n"] for row in board["candidates"]] == [3, 3]
    records = {run.id: run for run in record.read_all(sweep)}
    assert all(
        records[run.id] == run for run in record.read_all(first)
    )  # nothing was trained again
    after = "This selection came after an opening of the test set: this sweep opened it on 20"
    assert done.stdout.lstrip().split("\n")[3].startswith(after)
    assert after in (sweep / "report.html").read_text()
    assert (
        board["after_opening"].startswith(after)
        and "has trained 2 runs since" in board["after_opening"]
    )
    (line,) = [line for line in read_ledger(sweep) if line["event"] == "training"]
    assert set(line["runs"]) == set(records) - {run.id for run in record.read_all(first)}
    report = (sweep / "report.html").read_text().replace("<wbr>", "")
    assert f"bakeoff extend {sweep_name(sweep)} &#39;seed=range(3)&#39;" in report


def test_a_run_that_is_tried_again_after_the_opening_is_told(swept):
    first = (swept[0].folder / "outputs" / "tiny" / "latest").resolve()
    sweep = swept[0].folder / "outputs" / "extended" / "two"
    shutil.copytree(first, sweep)
    selected = json.loads((sweep / "leaderboard.json").read_text())["selected_run"]
    lost = next(run for run in record.read_all(sweep) if run.id != selected)
    lost.status, lost.data_fingerprint = "failed", "data of a try that nobody keeps"
    lost.write(sweep / lost.id)
    done = swept[0].run("resume", "extended/two", "--failed")
    assert done.returncode == 0, done.stderr
    assert "and has trained 1 run since" in done.stdout
    (line,) = [line for line in read_ledger(sweep) if line["event"] == "training"]
    assert line["runs"] == [lost.id]


def test_runs_are_not_trained_on_other_data_than_those_that_stay(swept):
    first = (swept[0].folder / "outputs" / "tiny" / "latest").resolve()
    sweep = swept[0].folder / "outputs" / "extended" / "three"
    shutil.copytree(first, sweep)
    lost, *kept = record.read_all(sweep)
    lost.status = "failed"
    for run in (lost, *kept):
        run.data_fingerprint = "data of another day"
        run.write(sweep / run.id)
    for words in (["resume", "extended/three", "--failed"], ["extend", "extended/three", "seed=7"]):
        done = swept[0].run(*words)
        assert done.returncode == 1 and "would be evaluated on other data" in done.stderr
    assert record.read(sweep / lost.id) == lost


def test_other_code_and_packages_are_told_before_anything_trains(swept):
    first = (swept[0].folder / "outputs" / "tiny" / "latest").resolve()
    sweep = swept[0].folder / "outputs" / "extended" / "four"
    shutil.copytree(first, sweep)
    lost, *kept = record.read_all(sweep)
    lost.status, lost.code = "failed", "that of another day"
    for run in (lost, *kept):
        run.data_fingerprint, run.packages = "data of another day", {"torch": "0.1"}
        run.write(sweep / run.id)
    again = swept[0].run("resume", "extended/four", "--failed").stdout
    assert "to start anew   1 of them: code or packages have changed since they began" in again
    added = swept[0].run("extend", "extended/four", "seed=7").stdout
    for said in (again, added):
        assert "changed since   torch (0.1, now " in said


def test_a_mistake_changes_nothing(swept):
    plan = (swept[0].folder / "outputs" / "tiny" / "latest" / "plan.json").read_bytes()
    for words in (["model=nope"], ["data.sizes.val=7", "seed=3"]):
        done = swept[0].run("extend", "tiny/latest", *words)
        assert done.returncode == 1 and "Traceback" not in done.stderr
    assert (swept[0].folder / "outputs" / "tiny" / "latest" / "plan.json").read_bytes() == plan
