"""What a sweep costs beyond its trainings: checks, records, locks and digests.

python benchmarks/overhead.py [--runs 8] [--seconds 60]

One side is the command `bakeoff train -m` with runs of about so many seconds. The other is the seconds of
the training and validation epochs alone, as the runs' records have them, spread over the same places. What
is between them is more than checks, records, locks and digests: imports, data, checkpoints, TensorBoard's
logs and the leaderboard. So these four are timed one by one besides, and counted as often as the sweep does
them.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import timeit
from collections.abc import Callable
from pathlib import Path

from bakeoff.identity import run_id
from bakeoff.identity.code_digest import code_of
from bakeoff.identity.environment import environment
from bakeoff.store import record
from bakeoff.store.digest import file_digest
from bakeoff.store.lock import held
from bakeoff.sweep.identities import identities, plan_file
from bakeoff.sweep.plan import Plan, plan
from bakeoff.sweep.preflight import preflight
from bakeoff.sweep.slots import cpu_places

TRIAL_EPOCHS = 2  # to find out how long an epoch takes
REPEATED = 5


def settings(runs: int, epochs: int) -> list[str]:
    """The overrides of a sweep."""
    return [
        "task=localization",
        "model=lenet5/standard",
        "baselines=none",
        f"seed=range({runs})",
        f"trainer.max_epochs={epochs}",
        f"data_dir={Path('outputs/data').resolve()}",
    ]


def sweep(folder: Path, runs: int, epochs: int) -> tuple[float, Path]:
    """Train; the seconds of the command, and the sweep's folder."""
    command = [sys.executable, "-m", "bakeoff", "train", "-m", *settings(runs, epochs)]
    began = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    taken = time.perf_counter() - began
    if done.returncode:
        sys.exit(done.stderr)
    return taken, (folder / "outputs" / "train" / "latest").resolve()


def seconds(work: Callable[[], object]) -> float:
    """Of the fastest of some tries."""
    return min(timeit.repeat(work, number=1, repeat=REPEATED))


def parts(planned: Plan, sweep_dir: Path, scratch: Path) -> list[tuple[str, int, float]]:
    """What a sweep does besides training: its name, how often, and the seconds of once."""
    found = record.read_all(sweep_dir)
    first, named = found[0], identities(planned.jobs)
    run_dir, count = sweep_dir / first.id, len(found)
    written = sum(run.epochs + 2 for run in found)  # at the beginning, each epoch, the end
    code = code_of(planned.jobs[0].config)

    def lock() -> None:
        with held(scratch):
            pass

    return [
        ("plan and check the overrides", 1, seconds(lambda: plan("config", planned.typed, None, True))),
        ("check data, nets and settings", 1, seconds(lambda: preflight(planned))),
        ("ids of runs", 1, seconds(lambda: identities(planned.jobs))),
        ("write the plan", 1, seconds(lambda: plan_file(planned, named).write(scratch))),
        ("write a record", written, seconds(lambda: first.write(scratch))),
        ("lock a folder", count + 2, seconds(lock)),
        ("digest of the code", count + 1, seconds(code.digest)),
        ("digest of a checkpoint", count, seconds(lambda: file_digest(run_dir / first.checkpoint.path))),
        ("environment of a run", count, seconds(lambda: environment("cpu"))),
    ]  # fmt: skip


def main(runs: int, length: float) -> None:
    """Print both sides, and the parts of what is between them."""
    run_id.register()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _, tried = sweep(folder, 1, TRIAL_EPOCHS)
        per_epoch = record.read_all(tried)[0].train_seconds / TRIAL_EPOCHS
        epochs = max(1, round(length / per_epoch))
        taken, sweep_dir = sweep(folder, runs, epochs)
        planned = plan("config", settings(runs, epochs), None, multirun=True)
        places = min(runs, cpu_places([job.sections for job in planned.jobs]))
        alone = sum(run.train_seconds for run in record.read_all(sweep_dir)) / places
        print(f"{runs} runs of {epochs} epochs, {places} at once")
        print(f"the trainings alone      {alone:8.2f} s")
        print(f"bakeoff train -m         {taken:8.2f} s  {100 * (taken / alone - 1):6.2f} % more")
        scratch = folder / "scratch"
        scratch.mkdir()
        os.chdir(folder)
        total = 0.0
        for part, times, once in parts(planned, sweep_dir, scratch):
            # The command's own parts hold up all places; those of runs are done side by side.
            cost = times * once / (places if times > 1 else 1)
            total += cost
            print(f"  {part:<30} {times:5} x {1e3 * once:8.2f} ms  {100 * cost / taken:6.3f} %")
        print(f"checks, records, locks and digests  {total:.2f} s  {100 * total / taken:.2f} %")
        board = json.loads((sweep_dir / "leaderboard.json").read_text())
        assert len(board["candidates"][0]["runs"]) == runs


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60.0, help="of each run's training")
    given = parser.parse_args()
    main(given.runs, given.seconds)
