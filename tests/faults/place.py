"""A user's folder with a small real sweep, and commands in it that a fault strikes."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from tests import forked
from tests.conftest import GRID, Workplace
from tests.faults.anyone import be_anyone
from tests.faults.hook import sitecustomize as hook

from bakeoff.store.digest import file_digest

HOOK = Path(hook.__file__).parent
SMALL = (
    """
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
"""
    + GRID
)
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
    """A user's folder with the experiment `small`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        (folder / "experiments" / "small.yaml").write_text(SMALL)

    @classmethod
    def at(cls, folder: Path) -> "Place":
        """A place that is there already."""
        place = cls.__new__(cls)
        place.folder = folder
        return place

    def command(
        self, *arguments: str, fault: str | None = None, is_root: bool = True, **environment: str
    ) -> Ended:
        """A command in a process of its own, with the fault of `hook/sitecustomize.py` where one is given,
        which is expected to happen. Unless `is_root`, it may do no more than any user.
        """
        if fault is not None:
            environment |= self.faulty(fault)
        first = [hook.install] if is_root else [be_anyone, hook.install]
        done = forked.run(arguments, self.folder, os.environ | environment, first=first)
        ended = Ended(done.returncode, done.stdout, done.stderr)
        if fault is not None:
            assert self.has_happened(), f"{fault} did not happen\n{ended.said}"
        return ended

    def killed(self, fault: str, *arguments: str) -> Ended:
        """A command that the fault kills."""
        ended = self.command(*arguments, fault=fault)
        assert ended.status == -signal.SIGKILL, ended.said
        return ended

    def faulty(self, fault: str) -> dict[str, str]:
        """The environment in which this fault happens to a command."""
        # A name for each: runs of a command that was killed may live a little longer.
        self._done = self.folder / f".{uuid4().hex}.fault"
        return {
            "PYTHONPATH": os.pathsep.join(filter(None, [str(HOOK), os.environ.get("PYTHONPATH")])),
            "BAKEOFF_FAULT": fault,
            "BAKEOFF_FAULT_DONE": str(self._done),
        }

    def has_happened(self) -> bool:
        """Whether the fault of the last command has happened."""
        return self._done.exists()

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
            and path.suffix != ".fault"
        }
