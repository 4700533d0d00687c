"""Completion with TAB in real shells."""

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bakeoff.verbs.completion import INSTALL, SHELLS


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    """A folder with a finished sweep of localization, and the command `bakeoff` on the path."""
    program = tmp_path / "bin" / "bakeoff"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m bakeoff "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    sweep = tmp_path / "outputs" / "localization" / "2026-01-01"
    sweep.mkdir(parents=True)
    (sweep / "leaderboard.json").touch()
    (sweep.parent / "latest").symlink_to(sweep.name)
    (tmp_path / "digit.png").touch()
    return tmp_path


def shell(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"needs {name}, which is not installed")
    return found


def typed(command: list[str], folder: Path, keys: list[str], expected: str) -> str:
    """What a shell in a terminal shows when these keys are pressed, until `expected` is seen."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.environ.update(TERM="dumb", PS1="> ", HOME=str(folder), INPUTRC="/dev/null")
        os.execv(command[0], command)
    shown = ""
    try:
        for line in keys:
            os.write(terminal, line.encode())
            shown += _read(terminal, 2 if line.endswith("\n") else 30, expected)
    finally:
        os.close(terminal)
        os.waitpid(child, 0)
    return shown


def _read(terminal: int, longest: float, expected: str) -> str:
    shown, end = "", time.monotonic() + longest
    while time.monotonic() < end and expected not in shown:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                shown += os.read(terminal, 4096).decode(errors="replace")
            except OSError:
                break
    return shown


BASH = """
eval "$(bakeoff completion bash)"
COMP_LINE="$1" COMP_POINT=${#1}
IFS=' ' read -ra COMP_WORDS <<< "$1"
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
complete -p bakeoff
_bakeoff
printf '[%s]\\n' "${COMPREPLY[@]}"
"""


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("bakeoff predict local", ["[localization/latest ]", "[localization/2026-01-01 ]"]),
        ("bakeoff run localization model=lenet5/d", ["[lenet5/deep ]"]),  # bash keeps `model=`
        ("bakeoff run localization optimizer.l", ["[optimizer.lr=]"]),
    ],
)
def test_bash_completes_through_its_own_variables(place, line, found):
    done = subprocess.run(
        [shell("bash"), "-c", BASH, "bash", line], cwd=place, capture_output=True, text=True
    )
    first, *rest = done.stdout.splitlines()
    assert first == "complete -o default -o nospace -F _bakeoff bakeoff", done.stderr
    assert rest == found


@pytest.mark.parametrize(
    ("name", "options", "install"),
    [
        ("bash", ["--norc", "--noprofile", "-i"], 'eval "$(bakeoff completion bash)"\n'),
        ("bash", ["--norc", "--noprofile", "-i"], 'eval "$(bakeoff train -sc install=bash)"\n'),
        ("zsh", ["-f", "-i"], 'eval "$(bakeoff completion zsh)"\n'),
    ],
)
def test_tab_in_a_terminal(place, name, options, install):
    command = [shell(name), *options]
    keys = [install, "echo rea''dy\n", "bakeoff check scratch\t"]
    shown = typed(command, place, keys, "_vs_autograd ").replace("\a", "")  # zsh rings the bell
    assert "check scratch_vs_autograd " in shown


def test_fish_completes_with_descriptions(place):
    script = (
        "bakeoff completion fish | source; complete -C 'bakeoff run localization model=lenet5/d'; "
        "complete -C 'bakeoff predict local'; complete -C 'bakeoff predict localization/latest di'"
    )
    done = subprocess.run(
        [shell("fish"), "--no-config", "-c", script], cwd=place, capture_output=True, text=True
    )
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == [
        *("model=lenet5/deep", "localization/2026-01-01", "localization/latest", "digit.png"),
    ], done.stderr
    assert "12 and 32 feature maps" in done.stdout


@pytest.mark.parametrize("name", SHELLS)
def test_hydras_own_form_installs_and_removes_it(workplace, name):
    installed = workplace.run("-sc", f"install={name}")
    assert installed.stdout == f"{INSTALL[name]}\n", installed.stderr
    assert workplace.run("train", "--shell-completion", f"uninstall={name}").stdout


def test_another_shell_is_answered_with_those_there_are(workplace):
    done = workplace.run("train", "-sc", "install=tcsh")
    assert done.returncode == 1
    assert "install=SHELL or uninstall=SHELL, where SHELL is bash, zsh, fish" in done.stderr
