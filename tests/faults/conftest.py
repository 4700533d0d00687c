"""What the tests of faults share: a small real sweep, commands that are killed, what must hold after."""

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.conftest import Workplace

from bakeoff import cli
from bakeoff.select.ledger import read_ledger
from bakeoff.store import plan_file, record
from bakeoff.store.digest import file_digest

HOOK = Path(__file__).parent / "hook"
SMALL = """
defaults:
  - config
  - override task: classification
  - override baselines: []
  - _self_

experiment: small
data_dir: data
data:
  batch_size: 128
model:
  hidden: [8]
  dropout: 0.2
task:
  showcase: null
  probe: null
trainer:
  max_epochs: 2
hydra:
  mode: MULTIRUN
  sweeper:
    params:
      optimizer.lr: 1e-3,1e-2
      seed: 0,1
"""
ROW = ("name", "rank", "mean", "std", "ci95", "n", "runs", "status_counts", "tied_with_best")
# Not of the results: when and where something ran.
LATEST, CACHE = "latest", "data"


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    status: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


class Place(Workplace):
    """A user's folder with the experiment `small`; commands in it may be struck by a fault."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        (folder / "experiments" / "small.yaml").write_text(SMALL)

    def command(self, *arguments: str, fault: str | None = None, **environment: str) -> Ended:
        """Run a command, with the fault of `hook/sitecustomize.py` where one is given, and expect that it
        happens.
        """
        done = self.folder / ".fault_done"
        done.unlink(missing_ok=True)
        if fault is not None:
            path = os.pathsep.join(filter(None, [str(HOOK), os.environ.get("PYTHONPATH")]))
            environment |= {
                "PYTHONPATH": path, "BAKEOFF_FAULT": fault, "BAKEOFF_FAULT_DONE": str(done),
            }  # fmt: skip
        process = subprocess.run(
            [sys.executable, "-m", "bakeoff", *arguments],
            cwd=self.folder,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=300,
            errors="replace",
        )
        ended = Ended(process.returncode, process.stdout, process.stderr)
        if fault is not None:
            assert done.exists(), f"{fault} did not happen\n{ended.said}"
            done.unlink()
        return ended

    def killed(self, fault: str, *arguments: str) -> Ended:
        """Run a command that the fault kills."""
        ended = self.command(*arguments, fault=fault)
        assert ended.status == -signal.SIGKILL, ended.said
        return ended

    @property
    def sweeps(self) -> list[Path]:
        folder = self.folder / "outputs" / "small"
        return sorted(path for path in folder.glob("2*") if path.is_dir())

    @property
    def sweep(self) -> Path:
        [sweep] = self.sweeps
        return sweep

    def elsewhere(self) -> dict[str, str]:
        """The content of every file that is no sweep's and no cache."""
        own = [*self.sweeps, self.folder / CACHE]
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return {
            str(path.relative_to(self.folder)): file_digest(path)
            for path in files
            if not any(path.is_relative_to(folder) for folder in own)
            and not path.is_symlink()
            and LATEST not in path.parts
        }


def results(sweep: Path, with_weights: bool = True) -> dict[str, Any]:
    """Every number that a sweep has found: of each run, its best weights, the leaderboard, the test."""
    board = json.loads((sweep / "leaderboard.json").read_text())
    runs = {}
    for run in record.read_all(sweep):
        runs[run.id] = [run.status, run.metric, run.metrics, run.epochs, run.seed]
        if with_weights:
            content = torch.load(sweep / run.id / run.checkpoint.path, weights_only=True)
            weights = {name: value.tolist() for name, value in content["state_dict"].items()}
            runs[run.id].append(weights)
    rows = [{key: row[key] for key in ROW} for row in board["candidates"]]
    kept = {key: board[key] for key in ("selected", "selected_run", "sealed_test", "problems")}
    assert file_digest(sweep / "best" / "weights.ckpt") == (
        record.read(sweep / board["selected_run"]).checkpoint.sha256
    )
    return {"runs": runs, "rows": rows, **kept}


def intact(sweep: Path) -> dict[str, str]:
    """The digests of what the completed runs of a sweep have left."""
    found = {}
    for path in sweep.glob("*/run.json"):
        run = record.read(path.parent)
        if run.status == "completed":
            found[str(path)] = file_digest(path)
            checkpoint = path.parent / run.checkpoint.path
            found[str(checkpoint)] = file_digest(checkpoint)
            assert found[str(checkpoint)] == run.checkpoint.sha256
    return found


def half_written(sweep: Path) -> list[str]:
    """What processes that were killed have left."""
    return [str(path) for path in sweep.rglob("*.unfinished")]


def check_whole(place: Place, reference: dict[str, Any], openings: int = 1) -> None:
    """The sweep is done, with the numbers of one that nothing has struck."""
    sweep = place.sweep
    assert results(sweep) == reference
    assert half_written(sweep) == []
    assert len(plan_file.read(sweep).jobs) == len(reference["runs"])
    assert sum(line["event"] == "opening" for line in read_ledger(sweep)) == openings
    assert sum(line["event"] == "result" for line in read_ledger(sweep)) == 1
    assert (sweep / "report.html").is_file() and (sweep / "best" / "command.txt").is_file()


def check_truth(place: Place) -> None:
    """Of a sweep that was struck, nothing claims a winner before all its runs have ended."""
    for sweep in place.sweeps:
        if not (sweep / "leaderboard.json").exists():
            continue
        board = json.loads((sweep / "leaderboard.json").read_text())
        ended = {run.id for run in record.read_all(sweep) if run.status in record.ENDED}
        if {job.id for job in plan_file.read(sweep).jobs} - ended:
            assert board["selected"] is None and board["sealed_test"] is None


def answer(capsys, *arguments: str) -> tuple[int, str]:
    """The status of a command, and what it said; every exception that is no answer is raised."""
    try:
        cli.main(list(arguments))
        status = 0
    except SystemExit as ended:
        status = ended.code
    said = capsys.readouterr()
    return status, said.out + said.err


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A workplace of the test's own."""
    return Place(tmp_path)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A workplace with the sweep that nothing has struck."""
    place = Place(tmp_path_factory.mktemp("whole"))
    done = place.command("run", "small")
    assert done.status == 0, done.err
    return place


@pytest.fixture(scope="session")
def reference(whole: Place) -> dict[str, Any]:
    """What that sweep has found."""
    return results(whole.sweep)


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A workplace whose sweep was killed when all runs were done, before anything was concluded."""
    place = Place(tmp_path_factory.mktemp("trained"))
    place.killed("before:driver:*/test_ledger.jsonl", "run", "small")
    return place


@pytest.fixture
def concluding(trained: Place, tmp_path: Path) -> Place:
    """A copy of it."""
    shutil.copytree(trained.folder, tmp_path / "place", symlinks=True)
    copy = Place.__new__(Place)
    copy.folder = tmp_path / "place"
    return copy
