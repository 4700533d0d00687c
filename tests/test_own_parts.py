"""docs/own-parts.md does what it says: its files in an empty folder, its commands there."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from tests import forked

pytestmark = pytest.mark.xdist_group("own parts")  # in one folder, where runs are taken over

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PAGE = (ROOT / "docs" / "own-parts.md").read_text(encoding="utf-8")
BLOCKS = [(kind, text) for kind, text in BLOCK.findall(PAGE) if kind != "text"]
COMMANDS = [
    command
    for kind, text in BLOCKS
    if not kind
    for command in text.replace("\\\n", "").splitlines()
    if command
]
TABLE = next(command for command in COMMANDS if command.startswith("python -c"))
ALL_PARTS = next(command for command in COMMANDS if "say.Say" in command and "kappa" in command)
# What these leave out is in them too, or takes minutes.
QUICK = (ALL_PARTS, "bakeoff check progression model=mlp/standard,robust")
LONG = [command for command in COMMANDS if command not in (*QUICK, TABLE)]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder with the files of the page, and its table."""
    place = tmp_path_factory.mktemp("own")
    for kind, text in BLOCKS:
        if kind:
            path = place / name_of(text)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    assert run(TABLE, place).returncode == 0
    return place


def name_of(text: str) -> str:
    """The name of a file, in its first line."""
    return text.splitlines()[0].removeprefix("# ").partition(":")[0]


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A command of the page, with this Python's bakeoff."""
    program, *arguments = shlex.split(command)
    if program == "bakeoff":
        return forked.run(arguments, folder, os.environ)
    here = [sys.executable, *arguments]
    return subprocess.run(here, cwd=folder, capture_output=True, text=True, timeout=500)


def test_the_page_has_all_parts():
    names = {name_of(text) for kind, text in BLOCKS if kind}
    assert {"sign.py", "say.py", "margin.py", "wide.py", "table.py", "robust.py"} <= names
    assert {"experiments/progression.yaml", "mine/model/robust.yaml"} <= names
    assert len(LONG) >= 8 and all(command.startswith("bakeoff ") for command in LONG)


def test_small_parts_of_ones_own_train_together(folder):
    done = run(ALL_PARTS, folder)
    assert done.returncode == 0, done.stderr
    assert "epoch 1 ends with" in done.stdout and "val/kappa" in done.stdout


def test_data_task_and_lightning_module_of_ones_own_pass_the_check(folder):
    done = run(QUICK[1], folder)
    assert done.stdout == "progression: 6 runs of 2 candidates: no mistakes\n", done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("command", LONG)
def test_every_other_command_works_as_it_stands(folder, command):
    done = run(command, folder)
    assert done.returncode == 0, done.stderr
    if command.startswith("bakeoff run"):
        assert "\ntest set " in done.stdout and (folder / "outputs/progression/latest").exists()


@pytest.mark.slow
def test_the_experiment_of_the_readme_is_whole_with_the_data_of_the_page(folder):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (text,) = [text for kind, text in BLOCK.findall(readme) if kind == "yaml"]
    assert name_of(text) == "experiments/progression.yaml"
    path = folder / "experiments" / "short.yaml"
    text = text.replace("progression", "short")
    path.write_text(text, encoding="utf-8")
    done = run("bakeoff check short", folder)
    assert done.stdout == "short: 6 runs of 2 candidates: no mistakes\n", done.stderr
