"""What a sweep has found, tested and reported again."""

import json
import shutil
import subprocess
import sys
import time

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.findings import ranked, rebuild
from bakeoff.store import record
from bakeoff.store.record import Metric, RunRecord


def test_testing_again_shows_the_first_result_and_opens_nothing(swept, sweep, board):
    before = (sweep / "test_ledger.jsonl").read_bytes()
    done = swept[0].run("test", "tiny/latest")
    assert done.returncode == 0, done.stderr
    assert "opened before" in done.stderr and "opening" not in done.stderr
    assert f"performance {board['sealed_test']['performance']:.4f}" in done.stdout
    assert (sweep / "test_ledger.jsonl").read_bytes() == before


def test_report_rebuilds_the_same_leaderboard(swept, sweep, board):
    (sweep / "leaderboard.json").unlink()
    (sweep / "report.html").unlink()
    done = swept[0].run("report", "latest")
    assert done.returncode == 0, done.stderr
    assert json.loads((sweep / "leaderboard.json").read_text()) == board
    assert board["selected"] in (sweep / "report.html").read_text()


def test_a_changed_checkpoint_is_not_tested(swept, sweep, tmp_path):
    copy = tmp_path / "sweep"
    shutil.copytree(sweep, copy)
    (copy / "test_ledger.jsonl").unlink()
    (copy / "leaderboard.json").rename(copy / "board.json")  # which knows of the test
    selected = json.loads((copy / "board.json").read_text())["selected_run"]
    path = copy / selected / "checkpoints" / "best.ckpt"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    done = swept[0].run("test", str(copy))
    assert done.returncode == 1
    assert "not the file that run.json speaks of" in done.stderr
    assert not (copy / "test_ledger.jsonl").exists()


def test_an_unfinished_sweep_is_not_tested(swept, sweep, tmp_path):
    """As after a killed process: a run of the plan says that it is still running."""
    copy = tmp_path / "sweep"
    shutil.copytree(sweep, copy, ignore=shutil.ignore_patterns("test_ledger.jsonl", "leaderboard*"))
    run = record.read(next(path.parent for path in copy.glob("*/run.json")))
    run.status = "running"
    run.write(copy / run.id)
    for verb in ("report", "test"):
        done = swept[0].run(verb, str(copy))
        assert done.returncode == 1
        assert "NO WINNER: This sweep is not finished: of 4 planned runs, 1 running." in done.stdout
        assert "selected  " not in done.stdout
    board = json.loads((copy / "leaderboard.json").read_text())
    assert (board["selected"], board["sealed_test"]) == (None, None)
    assert "This sweep is not finished" in (copy / "report.html").read_text()
    assert not (copy / "test_ledger.jsonl").exists()


def test_a_copy_without_its_plan_has_no_winner(sweep, tmp_path):
    """As after a copy that broke off: a run may lack, and nothing says so."""
    copy = tmp_path / "sweep"
    shutil.copytree(sweep, copy, ignore=shutil.ignore_patterns("plan.json"))
    board = ranked(copy).board
    assert "plan.json is missing" in board.problems[0]
    assert board.selected is None


def test_a_ledger_that_was_removed_does_not_open_the_test_set_again(swept, sweep, tmp_path):
    copy = tmp_path / "sweep"
    shutil.copytree(sweep, copy, ignore=shutil.ignore_patterns("test_ledger.jsonl"))
    for _ in range(2):  # what the first command leaves must not let the second one through
        done = swept[0].run("test", str(copy))
        assert done.returncode == 1
        assert "was removed or emptied" in done.stderr
        assert not (copy / "test_ledger.jsonl").exists()


def test_pictures_that_were_not_drawn_are_drawn_by_report(swept, sweep, tmp_path):
    copy = tmp_path / "sweep"
    shutil.copytree(sweep, copy)
    there = {path.name for path in (copy / "showcase").iterdir()}
    shutil.rmtree(copy / "showcase")
    done = swept[0].run("report", str(copy))
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (copy / "showcase").iterdir()} == there


def test_damaged_weights_replace_nothing_in_best(swept, sweep, board, tmp_path):
    copy = tmp_path / "sweep"
    shutil.copytree(sweep, copy)
    path = copy / board["selected_run"] / "checkpoints" / "best.ckpt"
    path.write_bytes(path.read_bytes()[:1000])
    kept = (copy / "best" / "weights.ckpt").read_bytes()
    done = swept[0].run("report", str(copy))
    assert done.returncode == 1
    assert "not the file that run.json speaks of" in done.stderr
    assert (copy / "best" / "weights.ckpt").read_bytes() == kept


def test_other_sweeps_that_opened_the_same_test_data_are_named(swept, sweep, tmp_path):
    """The original, in outputs/ of the working folder, has opened them before; its copy does not count."""
    first, second = (tmp_path / "tiny" / name for name in ("first", "second"))
    shutil.copytree(sweep, first)
    shutil.copytree(sweep, second, ignore=shutil.ignore_patterns("test_ledger*", "leaderboard*"))
    time.sleep(1.1)  # the ledgers' times are whole seconds
    done = swept[0].run("test", str(second))
    assert done.returncode == 0, done.stderr
    said = f"the same test data, once: tiny/{sweep.resolve().name}"
    assert said in done.stdout and said in (second / "report.html").read_text()
    assert "opened before" not in swept[0].run("report", str(first)).stdout


def test_a_sweep_whose_runs_all_failed_has_a_report_that_shows_why(tmp_path, capsys):
    error = "ValueError: no column 'temperature'\nknown columns: a, b"
    for seed in range(2):
        run = RunRecord(
            f"run{seed}", "failed", "e", "t", "mlp", [], seed, Metric("accuracy", "max")
        )
        run.error, run.traceback = error, 'Traceback\n  File "mine.py", line 6, in deeper'
        (tmp_path / run.id).mkdir()
        run.write(tmp_path / run.id)
    with pytest.raises(BakeoffError, match=f"no run completed: {tmp_path}/report.html shows why"):
        rebuild(tmp_path)
    assert f"report          {tmp_path}/report.html" in capsys.readouterr().out
    page = (tmp_path / "report.html").read_text()
    assert "2 failed" in page and page.count("no column &#39;temperature&#39;") == 1
    assert page.index("Why no run completed") < page.index("known columns: a, b")
    assert page.index("known columns: a, b") < page.index("line 6, in deeper")
    assert page.index("line 6, in deeper") < page.index("<h2>Leaderboard</h2>")


COUNTED = """
import json, sys
from collections import Counter
import bakeoff.findings
heavy = {"torch", "matplotlib", "hydra", "scipy.stats", "sklearn", "pandas"}
imported = heavy & set(sys.modules)
opened = Counter()
# os.open, which has no mode, is one step of open.
sys.addaudithook(lambda event, of: event == "open" and of[1] and opened.update([str(of[0])]))
from bakeoff.cli import main
main(["report", sys.argv[1]])
print(json.dumps([sorted(imported), "torch" in sys.modules, opened]))
"""


def test_a_report_of_finished_runs_needs_no_torch_and_reads_no_record_again(swept, sweep, board):
    command = [sys.executable, "-c", COUNTED, str(sweep)]
    out = subprocess.run(command, capture_output=True, text=True, check=True, cwd=swept[0].folder)
    imported, has_torch, opened = json.loads(out.stdout.splitlines()[-1])
    assert (imported, has_torch) == ([], False)
    others = {run for row in board["candidates"] for run in row["runs"]} - {board["selected_run"]}
    # Once for what it holds, once for whether it was edited.
    assert [opened[str(sweep / run / "run.json")] for run in others] == [2, 2, 2]
    assert [opened[str(sweep / run / "curves.json")] for run in others] == [1, 1, 1]
