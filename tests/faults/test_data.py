"""Data and their caches change between the training and the test."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.faults.checks import answer
from tests.faults.conftest import copy
from tests.faults.place import Place

pytestmark = pytest.mark.slow

EXPERIMENT = """
defaults:
  - config
  - override task: classification
  - override data: classification/folder
  - override baselines: []
  - _self_

experiment: small
data_dir: data
data:
  source: {path: images, size: [8, 8], channels: 1}
  batch_size: 16
model: {hidden: [4]}
task: {showcase: null, probe: null}
trainer: {max_epochs: 1}
hydra:
  mode: MULTIRUN
  sweeper:
    params:
      optimizer.lr: 1e-3,1e-2
      seed: 0
"""


def draw(folder: Path, seed: int) -> None:
    generator = np.random.default_rng(seed)
    for name, brightness in (("dark", 60), ("light", 180)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(40):
            pixels = brightness + generator.integers(-40, 40, (8, 8))
            Image.fromarray(pixels.astype(np.uint8)).save(folder / name / f"{number}.png")


@pytest.fixture(scope="module")
def of_images(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A place with images and a sweep that was killed before it opened the test set."""
    place = Place(tmp_path_factory.mktemp("images"))
    (place.folder / "experiments" / "small.yaml").write_text(EXPERIMENT)
    draw(place.folder / "images", seed=0)
    place.killed("before:driver:*/test_ledger.jsonl", "run", "small")
    return place


@pytest.fixture
def images(of_images: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A copy of it, the working folder."""
    place = copy(of_images, tmp_path / "place")
    monkeypatch.chdir(place.folder)
    return place


def test_images_that_have_changed_since_the_training_are_not_tested(images: Place, capsys):
    draw(images.folder / "images", seed=1)
    for verb in ("test", "resume"):
        status, said = answer(capsys, verb, "small/latest")
        assert status == 1 and "was trained on other data" in said, said
    assert not (images.sweep / "test_ledger.jsonl").exists()


@pytest.mark.parametrize("kept", [0, 0.5])
def test_truncated_caches_are_made_again(images: Place, capsys, kept):
    caches = [path for path in (images.folder / "data").rglob("*") if path.is_file()]
    assert caches
    before = {path: path.read_bytes() for path in caches}
    for path, content in before.items():
        path.write_bytes(content[: int(len(content) * kept)])
    status, said = answer(capsys, "test", "small/latest")
    assert status == 0, said
    assert {path: path.read_bytes() for path in caches} == before
