"""`list`, `show` and `remove` of a real sweep; they answer without torch."""

import os
import shutil
import subprocess
import sys

import pytest

from bakeoff.cli import main


@pytest.fixture
def place(swept, tmp_path, monkeypatch):
    """A copy of what the shared sweep has left."""
    shutil.copytree(
        swept[0].folder / "outputs" / "tiny", tmp_path / "outputs" / "tiny", symlinks=True
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_sweep_is_listed_shown_and_removed(place, capsys, monkeypatch):
    main(["list"])
    out = capsys.readouterr().out
    assert "4 of 4" in out and "optimizer.lr=0.01" in out and "opened" in out
    assert "1 in all, " in out
    main(["list", "nothing"])
    assert "no sweeps of nothing" in capsys.readouterr().out
    main(["show", "tiny/latest"])
    assert "4 completed; 4 planned" in capsys.readouterr().out
    run = next((place / "outputs" / "tiny" / "latest").glob("*/run.json")).parent.name
    main(["show", f"tiny/latest/{run}"])
    assert f"{run}, completed" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda prompt: "n")
    main(["remove", "tiny/latest"])
    assert "nothing was removed" in capsys.readouterr().out
    sweep = (place / "outputs" / "tiny" / "latest").resolve()
    monkeypatch.setattr("builtins.input", lambda prompt: "y")
    main(["remove", "tiny/latest"])
    assert "its ledger stays" in capsys.readouterr().out
    assert os.listdir(sweep) == ["test_ledger.jsonl"]
    assert os.listdir(place / "outputs" / "tiny") == [sweep.name]


def test_what_is_not_needed_is_cleaned_and_the_selected_run_stays_whole(place, capsys):
    sweep = (place / "outputs" / "tiny" / "latest").resolve()
    main(["clean", "--yes"])
    assert "checkpoints     3, of 1 tested sweep," in capsys.readouterr().out
    (left,) = sweep.glob("*/checkpoints/best.ckpt")
    assert left.parents[1].name in (sweep / "test_ledger.jsonl").read_text()
    main(["clean"])
    assert "nothing to clean" in capsys.readouterr().out


def test_without_anybody_to_ask_nothing_is_removed(place, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with pytest.raises(SystemExit):
        main(["remove", "tiny/latest"])
    assert "give --yes" in capsys.readouterr().err
    assert (place / "outputs" / "tiny" / "latest" / "plan.json").exists()


def test_none_of_them_imports_torch(place):
    script = (
        "import sys\nfrom bakeoff.cli import main\n"
        "for words in ('list', 'show latest', 'clean --yes', 'remove latest --yes'): main(words.split())\n"
        "print([name for name in ('torch', 'pytorch_lightning') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
