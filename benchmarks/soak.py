"""A sweep that is killed again and again ends equal to one that nothing disturbed.

python benchmarks/soak.py [--kills 20] [--seeds 6] [--epochs 4] [--random 0]

24 small runs (no, L1 and L2 penalty and dropout, 6 seeds). SIGKILL ends the command and all of its
processes at a random moment after one of its runs has begun, as the records on disk say; `bakeoff resume`
goes on each time. Then every file that holds numbers is compared with that of a sweep that ran through:
plan, records and leaderboard but for times, the ledger's results, and the weights of all checkpoints. A
sweep that ends before it is killed so many times is an error.
"""

import argparse
import csv
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from bakeoff.store import record

EXPERIMENT = "regularization"
RESUME = ("resume", f"{EXPERIMENT}/latest")
LOOK_S = 0.05  # between two looks at the records
# What may differ between two sweeps with the same numbers: times, and what was measured of the machine.
OF_THE_MACHINE = (
    *("train_seconds", "samples_per_second", "seconds_per_prediction", "seconds_to_best"),
    *("latency", "latency_seconds", "latency_p95", "batch_latency_seconds", "batch_latency_p95"),
    *("peak_memory_bytes", "sha256", "checkpoint_bytes", "environment", "own", "pareto"),
)


def words(seeds: int, epochs: int) -> list[str]:
    """The command of the sweep."""
    return [
        *("run", EXPERIMENT, "--fresh", "optimizer.lr=0.1", "optimizer.momentum=0.9"),
        *(f"seed=range({seeds})", f"trainer.max_epochs={epochs}", "baselines=none"),
        f"data_dir={Path('outputs/data').resolve()}",
    ]


def start(folder: Path, *arguments: str) -> subprocess.Popen:
    """A command in a session of its own, so that all of its processes can be killed at once."""
    return subprocess.Popen(
        [sys.executable, "-m", "bakeoff", *arguments],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=(folder / "stderr.log").open("a"),
        start_new_session=True,
    )


def latest(folder: Path) -> Path:
    """The folder of the sweep."""
    return (folder / "outputs" / EXPERIMENT / "latest").resolve()


def finish(folder: Path, *arguments: str) -> None:
    """Run a command to its end."""
    if status := start(folder, *arguments).wait():
        sys.exit(f"status {status}:\n{(folder / 'stderr.log').read_text()}")


def pace(sweep: Path) -> float:
    """The seconds of the clock from one run's end to the next, in a sweep that ran through."""
    began = min(path.stat().st_mtime for path in sweep.glob(f"*/{record.CONFIG}"))
    ended = [path.stat().st_mtime for path in sweep.glob(f"*/{record.FILE_NAME}")]
    return (max(ended) - began) / len(ended)


def kill_again_and_again(
    folder: Path, command: list[str], kills: int, runs: int, seconds_per_run: float
) -> None:
    """Start the sweep of so many runs, kill it and go on, and print what was done at each moment.

    What is left to do is spread over the kills that are left.
    """
    for number in range(1, kills + 1):
        done, before = statuses(folder).count("completed"), beginnings(folder)
        process = start(folder, *(command if number == 1 else RESUME))
        while process.poll() is None and beginnings(folder) <= before:
            time.sleep(LOOK_S)
        most = 2 * (runs - done) * seconds_per_run / (kills - number + 2)
        waited = _wait(process, folder, random.uniform(0, most), runs)
        if process.poll() is not None:
            sys.exit(
                f"the sweep ended with status {process.returncode} after {number - 1} of {kills} kills: "
                f"expected one that trains longer; give more --seeds or --epochs\n"
                f"{(folder / 'stderr.log').read_text()}"
            )
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        found = statuses(folder)
        print(
            f"{number:>3}  killed {waited:.1f} s after a run began: {found.count('completed')} runs "
            f"completed, {found.count('running')} under way",
            flush=True,
        )


def _wait(process: subprocess.Popen, folder: Path, seconds: float, runs: int) -> float:
    """Wait so long, but not until none of the `runs` is left to be killed; the seconds that have passed."""
    began = time.monotonic()
    while process.poll() is None and (passed := time.monotonic() - began) < seconds:
        if statuses(folder).count("completed") >= runs - 1:
            break
        time.sleep(min(LOOK_S, seconds - passed))
    return time.monotonic() - began


def statuses(folder: Path) -> list[str]:
    """Those of the runs that have begun."""
    return [run.status for run in record.read_all(latest(folder))]


def beginnings(folder: Path) -> set[tuple[str, int]]:
    """Each run that is under way, by its name and the time of its record."""
    return {
        (path.parent.name, path.stat().st_mtime_ns)
        for path in latest(folder).glob(f"*/{record.FILE_NAME}")
        if record.read(path.parent).status == "running"
    }


def numbers(node: Any) -> Any:
    """Plain containers without what the machine decides."""
    if isinstance(node, dict):
        return {k: numbers(v) for k, v in node.items() if k not in OF_THE_MACHINE}
    return [numbers(value) for value in node] if isinstance(node, list) else node


def differences(one: Path, other: Path) -> Iterator[str]:
    """The files of two sweeps whose numbers differ."""
    for name in ("plan.json", "leaderboard.json"):
        yield from _differing(name, _json(one / name, one), _json(other / name, other))
    if _table(one) != _table(other):
        yield "leaderboard.csv"
    if _ledger(one) != _ledger(other):
        yield "test_ledger.jsonl"
    names = sorted(path.parent.name for path in one.glob("*/run.json"))
    if names != sorted(path.parent.name for path in other.glob("*/run.json")):
        yield "the folders of runs"
        return
    for name in names:
        record = f"{name}/run.json"
        yield from _differing(record, _json(one / record, one), _json(other / record, other))
        weights = [_weights(sweep / name / "checkpoints" / "best.ckpt") for sweep in (one, other)]
        same = weights[0].keys() == weights[1].keys()
        if not same or not all(torch.equal(w, weights[1][k]) for k, w in weights[0].items()):
            yield f"{name}/checkpoints/best.ckpt"


def _differing(name: str, one: Any, other: Any) -> Iterator[str]:
    """Where two nested containers differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {**one, **other}:
            yield from _differing(f"{name} {key}", one.get(key), other.get(key))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for at, (first, second) in enumerate(zip(one, other, strict=True)):
            yield from _differing(f"{name}[{at}]", first, second)
    elif one != other:
        yield f"{name}: {one} and {other}"


def _json(path: Path, sweep: Path) -> Any:
    return numbers(json.loads(_text(path, sweep)))


def _table(sweep: Path) -> list[dict[str, str]]:
    return numbers(list(csv.DictReader(_text(sweep / "leaderboard.csv", sweep).splitlines())))


def _text(path: Path, sweep: Path) -> str:
    """A file's text, in which the sweep's own name, that of its beginning, stands for any."""
    return path.read_text(encoding="utf-8").replace(sweep.name, "SWEEP")


def _ledger(sweep: Path) -> list[Any]:
    lines = (sweep / "test_ledger.jsonl").read_text().splitlines()
    return [json.loads(line).get("result") for line in lines]


def _weights(path: Path) -> dict[str, torch.Tensor]:
    return torch.load(path, weights_only=True)["state_dict"]


def main(kills: int, seeds: int, epochs: int) -> None:
    """Print each kill, and what differs in the end."""
    command = words(seeds, epochs)
    with tempfile.TemporaryDirectory() as name:
        through, disturbed = Path(name, "through"), Path(name, "disturbed")
        through.mkdir()
        disturbed.mkdir()
        finish(through, *command)
        runs = len(statuses(through))
        seconds_per_run = pace(latest(through))
        print(f"{runs} runs, one every {seconds_per_run:.1f} s without a kill", flush=True)
        kill_again_and_again(disturbed, command, kills, runs, seconds_per_run)
        finish(disturbed, *RESUME)
        found = list(differences(latest(through), latest(disturbed)))
    print(f"{kills} kills: {'every number is the same' if not found else 'not the same:'}")
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--random", type=int, default=0, help="seed of the moments")
    given = parser.parse_args()
    random.seed(given.random)
    main(given.kills, given.seeds, given.epochs)
