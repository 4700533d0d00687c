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
        ("members", ["--most=2", "--epochs=1"], 5),
        ("fuzz", ["--minutes=0.0001", "--only=IDX"], 0),
        ("detection", ["--images=200", "--batch=8", "--repeat=1"], 6),
    ],
)
def test_a_benchmark_prints_numbers(name, sizes, lines):
    command = [sys.executable, FOLDER / f"{name}.py", *sizes]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert len(re.findall(r"\d+\.\d+", out)) >= lines


@pytest.mark.slow
def test_whole_sweeps_are_compared():
    command = [sys.executable, FOLDER / "fused.py", "--epochs=1", "--runs=8", "--measured=1"]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert [line.split()[0] for line in out.splitlines()] == ["8", "one", "processes", "fused"]
