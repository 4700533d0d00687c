"""What the tests share: a tiny experiment, a real sweep of it, commands as processes of their own."""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests import forked

from bakeoff.store import paths

# Side by side, tests have a core each: their threads would wait for one another.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ["OMP_NUM_THREADS"] = "1"

GRID = """
trainer:
  max_epochs: 2
hydra:
  mode: MULTIRUN
  sweeper:
    params:
      optimizer.lr: 1e-3,1e-2
      seed: 0,1
"""
TINY = (
    """
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
"""
    + GRID
)


@pytest.fixture(autouse=True, scope="session")
def interruptible() -> Iterator[None]:
    """Processes that the tests start take Ctrl-C, also where a shell ignores it for its background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(autouse=True)
def parts_of_the_tests_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests change the configs of runs, which are then read as those of a stranger."""
    monkeypatch.setenv("BAKEOFF_ALLOW", "tests")


@pytest.fixture(autouse=True)
def as_before_hydra() -> Iterator[None]:
    """Tests run in any order: what Hydra's application leaves in a process is gone after each of them."""
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)
    if "hydra" in sys.modules:
        from hydra.core.global_hydra import GlobalHydra

        GlobalHydra.instance().clear()


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
        """A running command in a Python of its own, its output captured."""
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, module: str = "bakeoff") -> subprocess.CompletedProcess[str]:
        """A finished command."""
        return forked.run(arguments, self.folder, os.environ, module)


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
    process = place.start("run", "tiny")
    out, err = process.communicate(timeout=forked.TIMEOUT_S)
    return place, subprocess.CompletedProcess(process.args, process.returncode, out, err)


@pytest.fixture
def sweep(swept: tuple[Workplace, subprocess.CompletedProcess]) -> Path:
    """The folder of the shared sweep."""
    return (swept[0].folder / "outputs" / "tiny" / "latest").resolve()


@pytest.fixture
def board(sweep: Path) -> dict[str, Any]:
    """Its leaderboard."""
    return json.loads((sweep / "leaderboard.json").read_text())


@pytest.fixture
def word_run(tmp_path: Path) -> Callable[..., Path]:
    """Makes the folder of a finished run, `word_run(name, words, vectors)`, as a training leaves it."""
    import torch

    from bakeoff.store.digest import file_digest
    from bakeoff.store.record import Checkpoint, Metric, RunRecord
    from bakeoff.text.tokenizer import word_tokenizer

    def make(
        name: str, words: list[str], vectors: torch.Tensor, key="net.embedding.weight"
    ) -> Path:
        folder = tmp_path / name
        (folder / "checkpoints").mkdir(parents=True)
        weights = folder / "checkpoints" / "best.ckpt"
        torch.save({"state_dict": {key: vectors}}, weights)
        word_tokenizer(words).save(str(folder / "tokenizer.json"))
        RunRecord(
            id=name,
            status="completed",
            experiment="embedding",
            task="embedding",
            candidate="bag_of_words",
            overrides=[],
            seed=0,
            metric=Metric("perplexity", "min", 9.0, 0),
            checkpoint=Checkpoint("checkpoints/best.ckpt", file_digest(weights)),
        ).write(folder)
        return folder

    return make


SENTENCES = (
    "The king and the queen saw the dog. He is good, and she was in the house!\n",
    "the man has a dog and the woman had a house; they were good to the king.\n",
    "a dog is in the house of the queen, and she is as good as he was.\n",
)


@pytest.fixture(scope="session")
def learned_words(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workplace, Path]:
    """One real `bakeoff train` of word vectors on a text of a few sentences: the place and the run."""
    place = Workplace(tmp_path_factory.mktemp("words"))
    (place.folder / "texts").mkdir()
    for name, times in (("a", 12), ("b", 3), ("c", 3)):
        (place.folder / "texts" / f"{name}.txt").write_text("".join(SENTENCES) * times)
    done = place.run(
        "train",
        "task=embedding",
        "data=embedding/folder",
        "data.corpus.source.folder=texts",
        "data.before=2",
        "data.after=1",
        "data.batch_size=16",
        "model=bag_of_words",
        "model.dimension=3",
        "trainer.max_epochs=3",
        "data_dir=data",
        "hydra.run.dir=outputs/words",
    )
    assert done.returncode == 0, done.stderr
    return place, place.folder / "outputs" / "words"


@pytest.fixture
def sweeps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder `outputs` with an empty sweep of embedding and a newer one of generation."""
    monkeypatch.chdir(tmp_path)
    for time, name in enumerate(("embedding/2026-01-01", "generation/2026-01-02")):
        folder = tmp_path / "outputs" / name
        folder.mkdir(parents=True)
        paths.point_latest(folder)
        os.utime(folder.parent / "latest", (time, time), follow_symlinks=False)
    return tmp_path / "outputs"
