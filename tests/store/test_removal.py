"""A sweep is removed, and nothing else."""

import os
import subprocess
import sys

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.store import paths
from bakeoff.store.lock import held
from bakeoff.store.removal import removable, remove


@pytest.fixture
def outputs(tmp_path, monkeypatch):
    """`outputs/` with the sweeps e/1 and e/2, to which `latest` points, beside other things."""
    monkeypatch.chdir(tmp_path)
    for name in ("outputs/e/1", "outputs/e/2", "elsewhere/e/1", "outputs/data/x"):
        folder = tmp_path / name
        (folder / "run" / "checkpoints").mkdir(parents=True)
        (folder / "run" / "run.json").write_text("{}")
        (folder / "run" / "checkpoints" / "best.ckpt").write_text("")
        if "data" not in name:
            (folder / "plan.json").write_text("{}")
    paths.point_latest(tmp_path / "outputs" / "e" / "2")
    return tmp_path / "outputs"


def test_a_sweep_goes_and_latest_points_to_the_one_that_is_left(outputs):
    remove(outputs / "e" / "latest")
    assert sorted(os.listdir(outputs / "e")) == ["1", "latest"]
    assert (outputs / "e" / "latest").resolve() == outputs / "e" / "1"
    remove(outputs / "e" / "1")
    assert os.listdir(outputs / "e") == []


def test_the_ledger_stays_where_the_test_set_was_opened(outputs):
    (outputs / "e" / "1" / "test_ledger.jsonl").write_text("line\n")
    (outputs / "e" / "2" / "test_ledger.jsonl").write_text("")
    remove(outputs / "e" / "1")
    remove(outputs / "e" / "2")
    assert sorted(os.listdir(outputs / "e")) == ["1"]
    assert os.listdir(outputs / "e" / "1") == ["test_ledger.jsonl"]
    with pytest.raises(BakeoffError, match="holds no sweep and no run"):
        remove(outputs / "e" / "1")


def test_what_links_point_to_stays(outputs, tmp_path):
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("")
    (outputs / "e" / "1" / "link").symlink_to(precious)
    (outputs / "e" / "1" / "run" / "link").symlink_to(precious)
    remove(outputs / "e" / "1")
    assert (precious / "file").exists()


@pytest.mark.parametrize(
    "place",
    ["elsewhere/e/1", "outputs", "outputs/e", "outputs/e/1/run", "outputs/data/x", "outputs/link"],
)
def test_only_sweeps_in_outputs_are_removed(outputs, tmp_path, place):
    (outputs / "link").symlink_to(tmp_path / "elsewhere" / "e" / "1")
    before = sorted(map(str, tmp_path.rglob("*")))
    with pytest.raises(BakeoffError, match=r"only what lies there|holds no sweep"):
        removable(tmp_path / place)
    with pytest.raises(BakeoffError):
        remove(tmp_path / place)
    assert sorted(map(str, tmp_path.rglob("*"))) == before


def test_an_experiment_that_is_a_link_is_outside(outputs, tmp_path):
    (outputs / "linked").symlink_to(tmp_path / "elsewhere" / "e")
    with pytest.raises(BakeoffError, match="only what lies there"):
        remove(outputs / "linked" / "1")
    assert (tmp_path / "elsewhere" / "e" / "1" / "plan.json").exists()


def test_a_sweep_in_use_is_left(outputs):
    script = (
        "import sys\nfrom pathlib import Path\nfrom bakeoff.store.lock import held\n"
        "with held(Path(sys.argv[1])):\n    print('held', flush=True)\n    sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(outputs / "e" / "1")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(BakeoffError, match=f"in use by process {holder.pid}"):
            remove(outputs / "e" / "1")
    finally:
        holder.communicate()
    assert (outputs / "e" / "1" / "run" / "run.json").exists()
    with held(outputs / "e" / "1"):
        pass
