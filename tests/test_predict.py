"""`bakeoff predict` as a user runs it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from bakeoff import paths
from bakeoff.errors import BakeoffError
from bakeoff.trained import load_predictor

TINY = """
defaults:
  - config
  - override task: {task}
  - override model: lenet5/shallow
  - _self_

experiment: {task}-tiny
data_dir: data
data:
  sizes: {{train: 96, val: 40, test: 40}}
model:
  dense: [8]
task:
  decode:
    threshold: 0.0001 # it has learned nothing: let it speak all the same
trainer:
  max_epochs: 1
"""
TASKS = ("localization", "detection")


def bakeoff(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bakeoff", *arguments],
        cwd=place,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def size(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run of each task and a few files."""
    folder = tmp_path_factory.mktemp("predict")
    (folder / "experiments").mkdir()
    for task in TASKS:
        (folder / "experiments" / f"{task}-tiny.yaml").write_text(TINY.format(task=task))
        run = bakeoff(folder, "train", "--config-name", f"{task}-tiny", f"hydra.run.dir={task}")
        assert run.returncode == 0, run.stderr
    images = folder / "images"
    images.mkdir()
    rng = np.random.default_rng(0)
    for name, size in (("wide.png", (200, 50)), ("high.jpg", (30, 90)), ("dot.png", (1, 1))):
        Image.fromarray(rng.integers(0, 255, (*size[::-1], 3), np.uint8)).save(images / name)
    return folder


@pytest.mark.parametrize("task", TASKS)
def test_boxes_lie_in_the_images_and_are_drawn(place, task):
    out = place / f"{task}-out"
    run = bakeoff(place, "predict", task, "images", "--out", str(out))
    assert run.returncode == 0, run.stderr
    results = json.loads((out / "predictions.json").read_text())
    assert {result["image_id"] for result in results} == {1, 2, 3}
    for result in results:
        width, height = size(place / result["file_name"])
        x, y, w, h = result["bbox"]
        assert min(x, y, w, h) >= 0
        assert x + w <= width + 0.01
        assert y + h <= height + 0.01
        assert 0 < result["score"] <= 1
        assert result["category"] == str(result["category_id"])
    names = {path.name for path in out.iterdir()}
    assert names == {"predictions.json", "wide.png", "high.png", "dot.png"}
    assert size(out / "wide.png") == (640, 160)
    assert "images/wide.png" in run.stdout


def test_bad_files_are_reported_and_skipped(place):
    (place / "bad.png").write_text("no image")
    files = ("bad.png", "images/wide.png", "missing.jpg")
    run = bakeoff(place, "predict", "localization", *files, "--out", "bad-out")
    assert run.returncode == 1
    assert "skipped: bad.png is not an image" in run.stderr
    assert "skipped: cannot read missing.jpg: No such file" in run.stderr
    assert run.stderr.splitlines()[-1] == "bakeoff: 2 of 3 files skipped, see above"
    results = json.loads((place / "bad-out" / "predictions.json").read_text())
    assert {result["image_id"] for result in results} == {2}


def test_mistakes_are_answered(place):
    for arguments, message in (
        (("nowhere", "images"), "no sweep at 'nowhere'"),
        (("images", "images"), "images holds neither a run"),
        (("detection", "images", "--out", "images"), "--out images holds images to predict"),
    ):
        run = bakeoff(place, "predict", *arguments)
        assert run.returncode == 1, arguments
        assert message in run.stderr
        assert "Traceback" not in run.stderr


def test_the_net_sees_a_canvas_as_it_was_trained_on(place, monkeypatch):
    """A file that is a canvas of the data gives the same output as the canvas itself."""
    from bakeoff.evaluate import load_run
    from bakeoff.predict import _load
    from bakeoff.record import read

    monkeypatch.chdir(place)
    predictor = load_predictor(place / "detection")
    _, data, module = load_run(place / "detection", read(place / "detection"))
    image = data.splits["val"].tensors[0][:1]
    Image.fromarray(image[0, 0].numpy()).save(place / "canvas.png")
    loaded = _load(1, place / "canvas.png", predictor, invert=False)
    assert torch.equal(loaded.input, image[0].float())
    with torch.no_grad():
        assert torch.equal(predictor.module(loaded.input.unsqueeze(0)), module(image))
    inverted = _load(1, place / "canvas.png", predictor, invert=True)
    assert torch.equal(inverted.input, 255 - image[0].float())


def test_a_sweep_stands_for_its_selected_run(tmp_path):
    (tmp_path / "leaderboard.json").write_text('{"selected_run": "abc"}')
    assert paths.run_dir(str(tmp_path)) == tmp_path.resolve() / "abc"
    (tmp_path / "leaderboard.json").write_text('{"selected_run": null}')
    with pytest.raises(BakeoffError, match="no run of this sweep completed"):
        paths.run_dir(str(tmp_path))
