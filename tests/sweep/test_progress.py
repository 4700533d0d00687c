"""What the terminal says of jobs that are done."""

import io
import os
import re
import subprocess
import sys

import pytest
from rich.console import Console

from bakeoff.store.record import Metric, RunRecord
from bakeoff.store.run_progress import RunProgress
from bakeoff.sweep.progress import SweepProgress, outcome, varying


def run(status="completed", value: float | None = 0.5, **changes) -> RunRecord:
    metric = Metric("loss", "min", value, None if value is None else 3)
    made = RunRecord("x", status, "test", "classification", "mlp", [], 7, metric)
    for name, change in changes.items():
        setattr(made, name, change)
    return made


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (run(train_seconds=12.3), "mlp seed=7: loss 0.5000 at epoch 3, 12 s"),
        (run(value=0.0, train_seconds=0.2), "mlp seed=7: loss 0.0000 at epoch 3, 0 s"),
        (run(value=-0.25), "mlp seed=7: loss -0.2500 at epoch 3"),
        (run(value=None), "mlp seed=7: loss nan at epoch None"),
        (run("failed", error="no such key"), "mlp seed=7: failed: no such key"),
        (run("diverged", error="at step 3"), "mlp seed=7: diverged: at step 3"),
    ],
)
def test_the_line_of_a_run(made, line):
    assert outcome(made) == line


def test_a_long_error_is_cut():
    line = outcome(run("failed", error="a" + 10_000 * "x" + "z"))
    assert line.startswith("mlp seed=7: failed: ax") and line.endswith("xz") and len(line) < 1200


def test_what_all_runs_share_is_left_out():
    folded = run(overrides=["++data.fold=2", "model=mlp", "seed=7"])
    jobs = [["++data.fold=1", "seed=0"], ["++data.fold=2", "seed=0"]]
    assert varying(jobs) == ["data.fold"]
    assert outcome(folded, varying(jobs)).startswith("mlp fold=2: loss 0.5")
    assert varying([["seed=0"], ["seed=1"]]) == varying([["seed=0"], []]) == ["seed"]
    assert varying(jobs[:1]) == varying([["+x=1"], ["+x=2"]]) == []
    assert outcome(folded, []).startswith("mlp: loss 0.5")


def test_every_job_that_is_done_has_its_line(tmp_path, capfd):
    for name, made in (("a", run(value=0.0)), ("b", run("failed", error="x [red] y")),
                       ("c", run("running"))):  # fmt: skip
        made.write(tmp_path / name)
    with SweepProgress(11) as progress:
        progress.done(tmp_path / "a", ["model=mlp"], None)
        progress.done(tmp_path / "b", ["model=mlp"], "killed")
        progress.done(tmp_path / "c", ["model=mlp", "seed=2"], "it was killed by SIGKILL")
        progress.done(tmp_path / "none", ["model=mlp", "seed=3"], "no such folder")
        progress.done(tmp_path / "none", ["model=mlp"], None)  # no training, and nothing is wrong
    assert capfd.readouterr().err.splitlines() == [
        " 1/11  mlp seed=7: loss 0.0000 at epoch 3",
        " 2/11  mlp seed=7: failed: x [red] y",
        " 3/11  model=mlp seed=2: failed: it was killed by SIGKILL",
        " 4/11  model=mlp seed=3: failed: no such folder",
    ]


@pytest.fixture
def progress(monkeypatch) -> SweepProgress:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "150")
    made = SweepProgress(4)
    assert made.console.is_terminal
    return made


def drawn(progress: SweepProgress) -> str:
    console = Console(width=150, record=True, file=io.StringIO())
    console.print(progress.bars.get_renderable())
    return console.export_text()


def test_bars_show_a_metric_of_zero(tmp_path, progress):
    run("running", value=0.0, epochs=2, max_epochs=5).write(tmp_path / "a")
    progress.show([tmp_path / "a"])
    (bar,) = [task for task in progress.bars.tasks if task.description == "mlp seed=7"]
    assert (bar.completed, bar.total, bar.fields["metric"]) == (2, 5, "loss 0.0000")
    progress.done(tmp_path / "a", [], None)
    assert [task.description for task in progress.bars.tasks] == ["sweep"]


def test_running_jobs_are_shown_with_what_they_say_of_themselves(tmp_path, progress):
    run("running", value=0.25, epochs=2, max_epochs=5).write(tmp_path / "a")
    run("running", value=None, max_epochs=5, candidate="mlp widths=[3,8]").write(tmp_path / "b")
    run("running", value=None, max_epochs=-1).write(tmp_path / "c")
    RunProgress(2.5, 1234.4, 65.0).write(tmp_path / "a")
    progress.show([tmp_path / name for name in ("a", "b", "c", "not there yet")])
    text = drawn(progress)
    assert re.search("sweep .*0/4 runs .*about 1:05 left", text)
    assert re.search(r"mlp seed=7 .*epoch 2.5/5 .*loss 0.2500 .*1,234/s .*1:05 left", text)
    assert re.search(r"mlp widths=\[3,8\] seed=7 .*epoch 0.0/5", text)
    assert re.search("mlp seed=7 .*epoch 0.0 ", text)
    assert "leaders" not in text


def test_the_leaders_are_those_of_the_whole_sweep(tmp_path, progress):
    run(value=0.5).write(tmp_path / "before")
    run(value=0.75, candidate="mlp widths=[3,8]").write(tmp_path / "before too")
    run("failed").write(tmp_path / "lost")
    run("running", max_epochs=5).write(tmp_path / "a")
    progress.show([tmp_path / "a"])
    assert "leaders so far: mlp 0.5000 (n=1); mlp widths=[3,8] 0.7500 (n=1)" in drawn(progress)
    run(value=0.125).write(tmp_path / "a")
    progress.done(tmp_path / "a", [], None)
    run("running", max_epochs=5).write(tmp_path / "b")
    progress.show([tmp_path / "b"])
    text = drawn(progress)
    assert "leaders so far: mlp 0.3125 (n=2); mlp widths=[3,8] 0.7500 (n=1)" in text
    assert "1/4 runs" in text


@pytest.mark.parametrize("place", ["a pipe without a reader", "/dev/full"])
def test_nobody_needs_to_read_what_is_shown(tmp_path, place):
    """A sweep does not end because its terminal, its pager or the room in its log has gone."""
    run().write(tmp_path)
    script = (
        "from pathlib import Path\n"
        "from bakeoff.sweep.progress import SweepProgress\n"
        "with SweepProgress(2) as progress:\n"
        "    for _ in range(2):\n"
        f"        progress.done(Path({str(tmp_path)!r}), [], None)\n"
        "print(progress.finished)\n"
    )
    if place == "/dev/full":
        if not os.path.exists(place):
            pytest.skip("needs /dev/full")
        full = os.open(place, os.O_WRONLY)
    else:
        reader, full = os.pipe()
        os.close(reader)
    done = subprocess.run(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=full, text=True
    )
    os.close(full)
    assert done.stdout == "2\n"
