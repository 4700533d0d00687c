"""Each benchmark runs, in a small size, and prints both sides and their ratio."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"


@pytest.mark.parametrize(
    ("name", "sizes", "lines"),
    [
        ("canvases", ["--count=400"], 3),
        ("batches", ["--count=512"], 3),
        ("words", ["--megabytes=1", "--examples=2048"], 9),
        ("answers", ["--repeat=1"], 6),
        ("beam_search", ["--small"], 6),
        ("evidence", ["--sweeps=4"], 200),
        ("steps", ["--epochs=2", "--steps=3"], 16),
        ("large_sweeps", ["--sizes", "10", "20"], 8),
        ("members", ["--most=2", "--epochs=1"], 5),
        ("fuzz", ["--minutes=0.0001", "--only=IDX"], 0),
        ("detection", ["--images=200", "--batch=8", "--repeat=1"], 6),
    ],
)
def test_a_benchmark_prints_numbers(name, sizes, lines):
    command = [sys.executable, FOLDER / f"{name}.py", *sizes]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert len(re.findall(r"\d+\.\d+", out)) >= lines


def first_words(*arguments):
    """Those of each line of benchmarks/fused.py, but for its first line, which is of the machine."""
    command = [sys.executable, FOLDER / "fused.py", *arguments, "--epochs=1", "--measured=1"]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    machine, *lines = out.splitlines()
    assert "cores" in machine
    return [line.split()[0] for line in lines]


@pytest.mark.slow
def test_whole_sweeps_are_compared():
    assert first_words("digits", "--runs=8") == ["8", "one", "processes", "fused"]


@pytest.mark.slow
def test_sweeps_of_other_nets_are_compared():
    found = first_words("lenet5", "conjugation", "embedding", "--launchers=fused", "--runs=4")
    assert found == ["4", "one", "fused"] * 3


def test_the_jobs_of_a_sweep_are_all_combinations(monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    from fused import SWEEPS

    assert [len(own.jobs(own.seeds)) for own in SWEEPS.values()] == [32, 32, 12, 16, 8]
    assert SWEEPS["embedding"].jobs(2)[1] == ["optimizer.lr=1e-3", "seed=1"]
