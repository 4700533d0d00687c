"""What Ray costs for each job, and what a second worker brings.

python benchmarks/machines.py [--jobs 4 12] [--epochs 2] [--long 40] [--repeat 2]

Needs Ray: pip install --requirement requirements-launchers.lock. The cost of a job is the slope between a
sweep of few and one of more jobs, so that the start of the command and of the cluster is not in it; the
jobs run one after another. The throughput is the slope of longer jobs, with one and with two at once. All
sweeps are run in turn, `--repeat` times, and the least time of each counts: where the speed of a machine
varies, the slope between two single sweeps says little.
"""

import argparse
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

Way = tuple[tuple[str, ...], int]  # a launcher, and the epochs of a job


def sweep(launcher: Sequence[str], jobs: int, epochs: int) -> float:
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


def ray(cores: int, at_once: int) -> tuple[str, ...]:
    """The launcher with so many jobs at once on this machine."""
    return "hydra/launcher=ray", f"hydra.launcher.cpus={cores // at_once}"


def slopes(ways: Iterable[Way], few: int, many: int, repeat: int) -> dict[Way, float]:
    """The seconds that a further job takes, by each way."""
    least = {way: [math.inf, math.inf] for way in ways}
    for _ in range(repeat):
        for (launcher, epochs), times in least.items():
            for at, jobs in enumerate((few, many)):
                times[at] = min(times[at], sweep(launcher, jobs, epochs))
    return {way: (more - less) / (many - few) for way, (less, more) in least.items()}


def main(few: int, many: int, epochs: int, long: int, repeat: int) -> None:
    """Print both sides and their difference, then both throughputs and their ratio."""
    cores = len(os.sched_getaffinity(0))
    here, there = (("hydra.launcher.n_jobs=1",), epochs), (ray(cores, 1), epochs)
    workers = [(ray(cores, 1), long), (ray(cores, 2), long)] if cores > 1 else []
    found = slopes([here, there, *workers], few, many, repeat)
    print(f"a job of {epochs} epochs, one at a time: slope between {few} and {many} jobs")
    print(f"processes  {1e3 * found[here]:8.0f} ms")
    print(f"ray        {1e3 * found[there]:8.0f} ms  {1e3 * (found[there] - found[here]):+6.0f} ms")
    if workers:
        one, two = (found[way] for way in workers)
        print(f"a job of {long} epochs on Ray")
        print(f"one worker   {1 / one:6.3f} jobs per second")
        print(f"two workers  {1 / two:6.3f} jobs per second  {one / two:5.2f} times")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, nargs=2, default=(4, 12))
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--long", type=int, default=40, help="epochs of the longer jobs")
    parser.add_argument("--repeat", type=int, default=2)
    given = parser.parse_args()
    main(*given.jobs, given.epochs, given.long, given.repeat)
