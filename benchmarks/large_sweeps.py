"""How long the leaderboard and the report of a large sweep take, and how much memory.

python benchmarks/large_sweeps.py [--sizes 500 5000]

Makes the records, curves and plan of sweeps that nobody trained: five seeds of each candidate, 20 epochs,
12 scalars. Then runs `bakeoff report` on each: CPU seconds of the command, start-up included, and its peak
memory.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bakeoff.store import curves_file
from bakeoff.store.plan_file import PlanFile, PlannedJob
from bakeoff.store.record import Checkpoint, Metric, RunRecord

SEEDS, EPOCHS, STEPS = 5, 20, 32
PARTS = ("loss", "loss_class", "loss_box", "accuracy", "iou")
MODELS = {"lenet5/shallow": 20_000, "lenet5/standard": 60_000, "lenet5/deep": 180_000}


def made_up(folder: Path, runs: int) -> None:
    """Write the files of a sweep of so many runs."""
    draw = random.Random(runs)
    jobs = []
    for number in range(runs):
        candidate, seed = divmod(number, SEEDS)
        model = list(MODELS)[candidate % len(MODELS)]
        lr = round(0.001 * 1.05**candidate, 6)
        quality = 0.9 - 0.02 * (candidate % 17) / 17 - abs(candidate % 23 - 11) / 200
        job = PlannedJob(
            number=number,
            id=f"{number:012x}",
            candidate=f"{model} lr={lr}",
            candidate_id=f"{candidate:012x}",
            seed=seed,
            overrides=[f"model={model}", f"optimizer.lr={lr}", f"seed={seed}"],
            config=f"seed: {seed}\noptimizer:\n  lr: {lr}\n",
        )
        jobs.append(job)
        write_run(folder / job.id, job, quality + draw.gauss(0, 0.01), MODELS[model], draw)
    plan = PlanFile(
        experiment="large",
        config_name="large",
        config_dir=None,
        search_path=[],
        overrides=[],
        jobs=jobs,
    )
    plan.write(folder)


def write_run(
    run_dir: Path, job: PlannedJob, value: float, parameters: int, draw: random.Random
) -> None:
    """Write a run's record and curves."""
    run_dir.mkdir(parents=True)
    metrics = {"performance": value, **{name: draw.random() for name in PARTS}}
    seconds = draw.uniform(20, 40)
    RunRecord(
        id=job.id,
        status="completed",
        experiment="large",
        task="localization",
        candidate=job.candidate,
        candidate_id=job.candidate_id,
        overrides=job.overrides,
        seed=job.seed,
        metric=Metric("performance", "max", value, EPOCHS - 1),
        metrics=metrics,
        parameters=parameters,
        train_seconds=seconds,
        seconds_to_best=seconds,
        samples_per_second=2e4,
        seconds_per_prediction=1e-4,
        epochs=EPOCHS,
        max_epochs=EPOCHS,
        peak_memory_bytes=400_000_000,
        multiply_adds=parameters * 10,
        data_fingerprint="0" * 64,
        checkpoint=Checkpoint("checkpoints/best.ckpt", "0" * 64),
        environment={"python": "3.11", "platform": "Linux", "device": "cpu", "packages": {}},
    ).write(run_dir)
    steps = range(STEPS - 1, EPOCHS * STEPS, STEPS)
    tags = [f"{split}/{name}" for split in ("train", "val") for name in PARTS]
    points = {
        tag: [(step, draw.random() + 10 / (step + 1)) for step in steps]
        for tag in (*tags, "val/performance")
    }
    points["watch/epoch"] = [(step, float(epoch)) for epoch, step in enumerate(steps)]
    curves_file.write(run_dir, points)


def report(folder: Path) -> tuple[float, float, float]:
    """CPU seconds, wall seconds and megabytes at most of `bakeoff report`."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "bakeoff", "report", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read().decode()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    # The weights of runs that nobody trained are missing, which ends the command with status 1.
    if not (folder / "report.html").exists():
        raise SystemExit(f"bakeoff report failed\n{said}")
    wall = time.perf_counter() - start
    return used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024


def main(sizes: list[int]) -> None:
    """Print a line for each size."""
    print(f"{'runs':>6}{'cpu s':>9}{'wall s':>9}{'peak MB':>9}{'report MB':>11}")
    for runs in sizes:
        with tempfile.TemporaryDirectory() as parent:
            folder = Path(parent) / "large" / "2026-01-01_00-00-00"
            made_up(folder, runs)
            cpu, wall, memory = report(folder)
            page = (folder / "report.html").stat().st_size / 2**20
            print(f"{runs:>6}{cpu:>9.2f}{wall:>9.2f}{memory:>9.0f}{page:>11.2f}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 5000])
    main(parser.parse_args().sizes)
