"""What passes before the first training step of `bakeoff train`, and what of it is importing libraries.

python benchmarks/first_step.py [--repeat 3]

A new process for each try, one thread; the first try, which brings the files into the disk's cache, is not
counted. Of each part the least of all tries, in seconds of the processor and by the clock. Beside it what
Lightning takes by a plain `import`.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

ARGUMENTS = ["task=classification", "data=classification/digits", "trainer.max_epochs=1"]
START = """
import json, os, sys, time
began, times = time.perf_counter(), []

def mark(part):
    times.append((part, time.process_time(), time.perf_counter() - began))

def end():
    print(json.dumps(times), flush=True)
    os._exit(0)
"""
COMMAND = f"""{START}
from bakeoff.sweep.launch import prepare as place
prepare = place.prepare

def timed(planned):
    mark("config read and checked")
    prepare(planned)
    mark("libraries imported")
    from bakeoff.run.parts.supervised import Supervised
    Supervised.training_step = training_step

def training_step(*_):
    mark("models checked, first step")
    end()

place.prepare = timed
from bakeoff.cli import main
main(["train", *{ARGUMENTS}])
"""
PLAIN = f"""{START}
import pytorch_lightning, torch._dynamo
mark("import pytorch_lightning")
end()
"""

Times = dict[str, tuple[float, float]]  # seconds of the processor and of the clock, by part
NEVER = (float("inf"), float("inf"))


def tried(code: str) -> Times:
    """The times of one process."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", code]
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


def least(code: str, repeat: int) -> Times:
    """Of each part the least of some processes."""
    tries = [tried(code) for _ in range(repeat + 1)][1:]
    return {part: tuple(map(min, *(one[part] for one in tries), NEVER)) for part in tries[0]}


def main(repeat: int) -> None:
    """Print a line for each part, their sum, and the plain import."""
    print(f"{'':30}{'cpu s':>8}{'wall s':>8}")
    parts = least(COMMAND, repeat)
    parts["in all"] = tuple(map(sum, zip(*parts.values(), strict=True)))
    for part, (cpu, wall) in (parts | least(PLAIN, repeat)).items():
        print(f"{part:30}{cpu:8.2f}{wall:8.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=3)
    main(parser.parse_args().repeat)
