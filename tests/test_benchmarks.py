"""Each benchmark runs, in a small size, and prints both sides and their ratio."""

import os
import re
import subprocess
import sys
from argparse import ArgumentTypeError
from pathlib import Path
from xml.etree import ElementTree

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"
SVG = "{http://www.w3.org/2000/svg}"


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
        ("large_sweeps", ["--sizes", "10", "20"], 6),
        ("first_step", ["--repeat=1"], 10),
        ("detection", ["--images=200", "--batch=8", "--repeat=1"], 6),
    ],
)
def test_a_benchmark_prints_numbers(name, sizes, lines):
    command = [sys.executable, FOLDER / f"{name}.py", *sizes]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert len(re.findall(r"\d+\.\d+", out)) >= lines


def test_what_members_cost_is_printed_and_drawn(tmp_path):
    out = printed("members.py", "--most=2", "--epochs=1", f"--figure={tmp_path / 'cost.svg'}")
    steps = re.findall(r"(\d+\.\d+) ms per step", out)
    times = re.findall(r"(\d+\.\d+) times faster", out)
    assert len(steps) == 3 and len(times) == 2
    texts = [node.text for node in ElementTree.parse(tmp_path / "cost.svg").iter(f"{SVG}text")]
    assert {"members", "one after another", "as one (times faster)", *times} <= set(texts)


def compared_on_cpu(net, folder):
    """The samples per second that gpu.py prints, and how many times those of one after another they are."""
    sizes = ["--device=cpu", "--most=4", "--epochs=1", "--steps=2", "--measured=1"]
    out = printed("gpu.py", net, *sizes, f"--figure={folder / 'rates.svg'}")
    rows = re.findall(r"^(1 by 1|\d+) +([\d,]+) +([\d.]+) +[\d.]+ % +-", out, re.MULTILINE)
    assert [name for name, _, _ in rows] == ["1 by 1", "1", "4"]
    assert (folder / "rates.svg").read_text().count("samples per second") == 1
    return [(int(rate.replace(",", "")), float(times)) for _, rate, times in rows]


@pytest.mark.parametrize("net", ["mlp", pytest.param("lenet5", marks=pytest.mark.slow)])
def test_members_on_a_device_are_compared_with_one_after_another(net, tmp_path):
    (apart, _), *others = compared_on_cpu(net, tmp_path)
    for rate, times in others:
        assert times == pytest.approx(rate / apart, rel=0.05, abs=0.06)


def test_without_a_gpu_the_comparison_says_what_to_do():
    command = [sys.executable, FOLDER / "gpu.py"]
    without = os.environ | {"CUDA_VISIBLE_DEVICES": ""}
    refused = subprocess.run(command, capture_output=True, text=True, env=without)
    assert refused.returncode == 1 and refused.stdout == ""
    assert refused.stderr.count("\n") == 1
    assert "torch finds no GPU here" in refused.stderr and "--device cpu" in refused.stderr


def test_an_epoch_of_members_counts_the_samples_of_all(monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    from hydra import compose, initialize_config_dir
    from stacked_epochs import stacked_epochs

    from bakeoff.store import paths

    own = ["task=classification", "data=classification/digits", "model=mlp/standard"]
    few = ["model.hidden=[4]", "trainer.max_epochs=2", "+trainer.limit_train_batches=3"]
    with initialize_config_dir(str(paths.conf_dir().resolve()), version_base="1.3"):
        configs = [compose("config", [*own, *few, f"seed={seed}"]) for seed in (0, 1)]
    clock = iter([10.0, 11.0, 20.0, 24.0])
    epochs = stacked_epochs(configs, lambda: next(clock))
    assert epochs == [(1.0, 3, 2 * 3 * 32), (4.0, 3, 2 * 3 * 32)]


@pytest.mark.parametrize("name", ["cost.gif", "nowhere/cost.svg"])
def test_a_figure_that_cannot_be_written_is_refused_before_anything_is_measured(name, monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    from members_figure import figure_file

    with pytest.raises(ArgumentTypeError, match=name):
        figure_file(name)


def test_damaged_files_are_counted():
    out = printed("fuzz.py", "--minutes=0.0001", "--only=IDX")
    assert re.search(r"^[1-9]\d* examples, 0 faults$", out, re.MULTILINE)


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


@pytest.mark.slow
def test_what_a_sweep_costs_beyond_its_trainings_is_told_part_by_part():
    out = printed("overhead.py", "--runs=2", "--seconds=1")
    assert re.search(r"the trainings alone +\d+\.\d+ s", out)
    assert re.search(r"checks, records, locks and digests +\d+\.\d+ s +\d+\.\d+ %", out)


@pytest.mark.slow
def test_a_sweep_that_is_killed_ends_with_the_same_numbers():
    out = printed("soak.py", "--kills=2", "--seeds=1", "--epochs=2")
    assert len(re.findall(r"killed \d+\.\d s after a run began", out)) == 2
    assert out.endswith("2 kills: every number is the same\n")


@pytest.mark.slow
@pytest.mark.xdist_group("cluster")
def test_a_job_on_ray_is_compared_with_one_here():
    pytest.importorskip("ray", reason="needs Ray: pip install 'bakeoff[ray]'")
    out = printed("machines.py", "--jobs", "1", "2", "--epochs=1", "--long=1", "--repeat=1")
    assert re.search(r"ray +-?\d+ ms +[+-]\d+ ms", out)


def printed(name: str, *sizes: str) -> str:
    """What a benchmark prints."""
    command = [sys.executable, FOLDER / name, *sizes]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
