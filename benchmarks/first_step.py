"""What passes before the first training step of `bakeoff train`, and what of it is imports of libraries.

python benchmarks/first_step.py [--repeat 3]

A new process for each try, one thread; the first try, which brings the files into the disk's cache, is not
counted. Of each part the least of all tries, in seconds of the processor and by the clock.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

# In the order in which they need each other: of each only what the ones before have not imported.
LIBRARIES = ("torch", "torch._dynamo", "torchmetrics", "pytorch_lightning")
REST = "bakeoff, until the first step"
ARGUMENTS = ["task=classification", "data=classification/digits", "trainer.max_epochs=1"]
CHILD = f"""
import importlib, json, os, sys, time
began, times = time.perf_counter(), []

def mark(part):
    times.append((part, time.process_time(), time.perf_counter() - began))

mark("Python")
for library in {LIBRARIES}:
    importlib.import_module(library)
    mark(library)
from bakeoff.run.supervised import Supervised

def training_step(*_):
    mark({REST!r})
    print(json.dumps(times), flush=True)
    os._exit(0)

Supervised.training_step = training_step
from bakeoff.cli import main
main(["train", *{ARGUMENTS}])
"""

Times = dict[str, tuple[float, float]]  # seconds of the processor and of the clock, by part


def tried() -> Times:
    """The times of one process."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", CHILD]
        environment = os.environ | {"OMP_NUM_THREADS": "1"}
        done = subprocess.run(
            command, stdout=subprocess.PIPE, text=True, check=True, cwd=folder, env=environment
        )
    found: Times = {}
    cpu_before = wall_before = 0.0
    for part, cpu, wall in json.loads(done.stdout.splitlines()[-1]):
        found[part] = (cpu - cpu_before, wall - wall_before)
        cpu_before, wall_before = cpu, wall
    return found


def main(repeat: int) -> None:
    """Print a line for each part, and their sum."""
    tries = [tried() for _ in range(repeat + 1)][1:]
    print(f"{'':30}{'cpu s':>8}{'wall s':>8}")
    total = [0.0, 0.0]
    for part in tries[0]:
        least = [min(one[part][kind] for one in tries) for kind in (0, 1)]
        total = [a + b for a, b in zip(total, least, strict=True)]
        print(f"{part:30}{least[0]:8.2f}{least[1]:8.2f}")
    print(f"{'in all':30}{total[0]:8.2f}{total[1]:8.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=3)
    main(parser.parse_args().repeat)
