"""What the tests share: a tiny experiment, a real sweep of it, commands as real processes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TINY = """
defaults:
  - config
  - override task: localization
  - override model: lenet5/shallow
  - _self_

experiment: tiny
data_dir: data
data:
  sizes: {train: 96, val: 40, test: 40}
model:
  dense: [8]
trainer:
  max_epochs: 2
hydra:
  mode: MULTIRUN
  sweeper:
    params:
      optimizer.lr: 1e-3,1e-2
      seed: 0,1
"""


@pytest.fixture(autouse=True, scope="session")
def interruptible() -> Iterator[None]:
    """Processes that the tests start take Ctrl-C, also where a shell ignores it for its background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(autouse=True)
def no_mirror_by_accident(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Tests see the mirror only where they ask for it."""
    if "mirror" not in request.fixturenames:
        monkeypatch.delenv("BAKEOFF_MIRROR", raising=False)


@pytest.fixture
def mirror() -> Path:
    """The folder of real data; the test is skipped without it."""
    place = os.environ.get("BAKEOFF_MIRROR", "")
    if not Path(place).is_dir() or not place:
        pytest.skip("needs real data: set BAKEOFF_MIRROR to a folder that holds mnist/")
    return Path(place).resolve()


class Workplace:
    """A user's folder with `experiments/tiny.yaml`, and commands run in it as processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "experiments").mkdir()
        (folder / "experiments" / "tiny.yaml").write_text(TINY)

    def start(self, *arguments: str, module: str = "bakeoff") -> subprocess.Popen[str]:
        """A running command, its output captured."""
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, module: str = "bakeoff") -> subprocess.CompletedProcess[str]:
        """A finished command."""
        process = self.start(*arguments, module=module)
        out, err = process.communicate(timeout=300)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    """An empty workplace of the test's own."""
    return Workplace(tmp_path)


@pytest.fixture(scope="session")
def swept(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Workplace, subprocess.CompletedProcess]:
    """One real `bakeoff run tiny`, shared by tests that only read it: the place and the command."""
    place = Workplace(tmp_path_factory.mktemp("swept"))
    return place, place.run("run", "tiny")
