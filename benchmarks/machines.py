"""What Ray costs for each job, and what a second worker brings.

python benchmarks/machines.py [--jobs 4 12] [--epochs 2] [--long 40]

Needs Ray: pip install --requirement requirements-launchers.lock. The cost of a job is the slope between a
sweep of few and one of more jobs, so that the start of the command and of the cluster is not in it; the
jobs run one after another. The throughput is the slope of longer jobs, with one and with two at once.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def sweep(launcher: list[str], jobs: int, epochs: int) -> float:
    """The seconds of a sweep."""
    lines = [
        *("task=classification", "model=mlp/standard", f"seed=range({jobs})"),
        *(f"trainer.max_epochs={epochs}", f"data_dir={Path('outputs/data').resolve()}"),
    ]
    environment = {**os.environ, "RAY_AUTH_MODE": os.environ.get("RAY_AUTH_MODE", "disabled")}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bakeoff", "train", "-m", *lines, *launcher]
        began = time.perf_counter()
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)
        taken = time.perf_counter() - began
    if done.returncode:
        sys.exit(done.stderr)
    return taken


def per_job(launcher: list[str], few: int, many: int, epochs: int) -> float:
    """The seconds that a further job takes."""
    return (sweep(launcher, many, epochs) - sweep(launcher, few, epochs)) / (many - few)


def ray(cores: int, at_once: int) -> list[str]:
    """The launcher with so many jobs at once on this machine."""
    return ["hydra/launcher=ray", f"hydra.launcher.cpus={cores // at_once}"]


def main(few: int, many: int, epochs: int, long: int) -> None:
    """Print both sides and their difference, then both throughputs and their ratio."""
    cores = len(os.sched_getaffinity(0))
    here = per_job(["hydra.launcher.n_jobs=1"], few, many, epochs)
    there = per_job(ray(cores, 1), few, many, epochs)
    print(f"a job of {epochs} epochs, one at a time: slope between {few} and {many} jobs")
    print(f"processes  {1e3 * here:8.0f} ms")
    print(f"ray        {1e3 * there:8.0f} ms  {1e3 * (there - here):+6.0f} ms", flush=True)
    if cores > 1:
        one = there if long == epochs else per_job(ray(cores, 1), few, many, long)
        two = per_job(ray(cores, 2), few, many, long)
        print(f"a job of {long} epochs on Ray")
        print(f"one worker   {1 / one:6.3f} jobs per second")
        print(f"two workers  {1 / two:6.3f} jobs per second  {one / two:5.2f} times")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, nargs=2, default=(4, 12))
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--long", type=int, default=40, help="epochs of the longer jobs")
    given = parser.parse_args()
    main(*given.jobs, given.epochs, given.long)
