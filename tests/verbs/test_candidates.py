"""How a command that is being typed can go on."""

import argparse
import subprocess
import sys

import pytest

from bakeoff.cli import VERBS
from bakeoff.verbs.candidates import candidates


def words(line: str) -> list[str]:
    verbs = argparse.ArgumentParser("bakeoff").add_subparsers()
    for verb in VERBS:
        verb.add(verbs)
    return [word for word, _ in candidates(line, verbs)]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("bakeoff ru", ["run "]),
        ("bakeoff --ver", ["--version "]),
        ("bakeoff run loc", ["localization "]),
        ("bakeoff check --cfg job seed=1 loc", ["localization "]),
        ("bakeoff run localization --dry", ["--dry-run "]),
        ("bakeoff run localization --cfg ", ["job ", "hydra ", "all "]),
        ("bakeoff run localization --config-dir ", []),
        ("bakeoff run -m localization model=lenet5/d", ["model=lenet5/deep "]),
        ("bakeoff train optimizer=sgd optimizer.mom", ["optimizer.momentum="]),
        ("bakeoff train --config-name scr", ["scratch_vs_autograd "]),
        ("bakeoff train --mul", ["--multirun "]),
        ("bakeoff train --cfg h", ["hydra "]),
        ("bakeoff data ver", ["verify "]),
        ("bakeoff data fetch fash", ["fashion_mnist "]),
        ("bakeoff completion z", ["zsh "]),
        ("bakeoff nothing lo", []),
        ("bakeoff run localization 'seed=", []),
        ("bakeoff", []),
        ("", []),
    ],
)  # fmt: skip
def test_verbs_options_experiments_and_overrides(line, found):
    assert words(line) == found


def test_sweeps_and_runs(sweeps):
    for name in ("embedding/2026-01-01", "generation/2026-01-02"):
        (sweeps / name / "plan.json").touch()
    (sweeps / "embedding" / "2026-01-01" / "leaderboard.json").touch()
    assert words("bakeoff predict emb") == ["embedding/latest ", "embedding/2026-01-01 "]
    assert words("bakeoff predict gen") == []  # not finished
    assert words("bakeoff resume --failed gen") == ["generation/latest ", "generation/2026-01-02 "]
    assert words("bakeoff predict embedding/latest ") == []  # files
    assert words("bakeoff report latest l") == []


def test_a_plan_that_cannot_be_read_completes_nothing(sweeps):
    (sweeps / "embedding" / "2026-01-01" / "plan.json").touch()
    assert words("bakeoff extend embedding/latest opt") == []


def test_torch_is_not_loaded_for_it():
    code = (
        "import os, sys; from bakeoff.cli import main\n"
        "os.environ['COMP_LINE'] = 'bakeoff train optimizer.'\n"
        "main(['completion', 'zsh', '--query'])\n"
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0 and "optimizer.lr=" in done.stdout, done.stderr
