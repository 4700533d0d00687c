"""The command line as a user meets it: real processes in a folder of their own."""

import os
import subprocess
import sys

import pytest

from bakeoff.cli import main


def test_help_names_every_command(workplace):
    done = workplace.run("--help")
    assert done.returncode == 0
    for verb in ("run", "train", "report", "test", "data"):
        assert f"\n    {verb} " in done.stdout


def test_nothing_heavy_is_loaded_before_it_is_needed():
    heavy = ("torch", "pytorch_lightning", "hydra", "numpy", "matplotlib", "rich")
    code = f"import sys, bakeoff.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rum", "tiny"], "no command 'rum'; did you mean 'run'"),
        (["run", "tinny"], "no experiment 'tinny'"),
        (["run", "tiny", "optimizer.lrr=1"], "did you mean 'optimizer.lr'"),
        (["run", "tiny", "--dryrun"], "unknown argument: --dryrun"),
        (["train", "model=lenet5/dep"], "did you mean 'lenet5/deep'"),
        (["report", "nowhere"], "no sweep at 'nowhere'"),
        (["report", "latest"], "no sweep in"),
        (["data", "fetch", "minst"], "expected one of digits, mnist"),
    ],
)
def test_a_mistake_is_one_message_and_status_not_zero(workplace, arguments, said):
    done = workplace.run(*arguments)
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["${HOME} $x", "a\udcffb", None])
def test_a_working_folder_that_no_config_can_name(tmp_path, monkeypatch, capsys, name):
    folder = tmp_path / (name or "gone")
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("this file system has no such names")
    monkeypatch.chdir(folder)
    if name is None:
        folder.rmdir()
    with pytest.raises(SystemExit) as ended:
        main(["list"])
    monkeypatch.chdir(tmp_path)
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert said.startswith("bakeoff: the working folder")
    said.encode()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_output_that_finds_no_room_is_one_message(workplace):
    command = [sys.executable, "-m", "bakeoff", "data", "list"]
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, cwd=workplace.folder
        )
    assert done.returncode == 1
    assert done.stderr == "bakeoff: its output cannot be written: No space left on device\n"


@pytest.mark.parametrize("verb", ["resume", "extend"])
def test_what_may_be_left_out_is_not_asked_for(capsys, verb):
    with pytest.raises(SystemExit) as ended:
        main([verb])
    assert ended.value.code == 2
    assert capsys.readouterr().err.endswith("arguments are required: sweep\n")
