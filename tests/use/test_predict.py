"""`bakeoff predict` as a user runs it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from bakeoff.errors import BakeoffError
from bakeoff.store import paths
from bakeoff.use.predictor import load_predictor

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


def test_where_no_file_can_be_read_nothing_is_written(place):
    (place / "bad.png").write_text("no image")
    for out in ([], ["--out", "none-out"]):
        run = bakeoff(place, "predict", "localization", "bad.png", *out)
        assert run.returncode == 1
        assert run.stderr.splitlines()[-1] == "bakeoff: 1 of 1 files skipped, see above"
    assert not (place / "none-out").exists()
    assert not list((place / "outputs" / "predict").iterdir())


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
    from bakeoff.run.parts.normalized import normalized
    from bakeoff.run.read_back import read_run
    from bakeoff.store.record import read
    from bakeoff.use.predict import _load

    monkeypatch.chdir(place)
    predictor = load_predictor(place / "detection")
    _, data, module = read_run(place / "detection", read(place / "detection"))
    image = data.splits["val"].tensors[0][:1]
    Image.fromarray(image[0, 0].numpy()).save(place / "canvas.png")
    loaded = _load(1, place / "canvas.png", predictor, invert=False)
    assert torch.equal(loaded.input, image[0].float())
    with torch.no_grad():
        seen = normalized(loaded.input.unsqueeze(0), predictor.mean, predictor.std)
        assert torch.equal(predictor.net(seen), module(image))
    inverted = _load(1, place / "canvas.png", predictor, invert=True)
    assert torch.equal(inverted.input, 255 - image[0].float())


def stripes(path: Path, name: str, shift: int) -> None:
    """A wide image: the class in the middle, the other one's colour beside it."""
    colours = {"cat": (200, 30, 40), "dog": (10, 150, 90)}
    [other] = colours.keys() - {name}
    image = Image.new("RGB", (90, 30), colours[other])
    image.paste(colours[name], (25 + shift, 0, 65 + shift, 30))
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)


def test_classes_of_a_folder_are_predicted_as_trained_and_without_the_folder(tmp_path):
    from bakeoff.tasks.classification.image_folder import pixels
    from bakeoff.use.predict import _load

    for name in ("cat", "dog"):
        for number in range(20):
            stripes(tmp_path / "pets" / name / f"{number}.png", name, number % 5 - 2)
    run = bakeoff(
        tmp_path,
        "train",
        *("task=classification", "data=classification/folder", "data.source.path=pets"),
        *("data.source.size=[8,8]", "data.batch_size=8", "data_dir=data", "model.hidden=[8]"),
        *("trainer.max_epochs=8", "optimizer.lr=0.02", "hydra.run.dir=run"),
    )
    assert run.returncode == 0, run.stderr
    for folder in ("pets", "data"):
        shutil.rmtree(tmp_path / folder)
    stripes(tmp_path / "new" / "meow.png", "cat", 0)
    stripes(tmp_path / "new" / "woof.png", "dog", 0)
    run = bakeoff(tmp_path, "predict", "run", "new", "--out", "out")
    assert run.returncode == 0, run.stderr
    results = json.loads((tmp_path / "out" / "predictions.json").read_text())
    assert [result["category"] for result in results] == ["cat", "dog"]
    assert not any("bbox" in result for result in results)
    path = tmp_path / "new" / "meow.png"
    expected = torch.from_numpy(pixels(path.read_bytes(), (8, 8), 3).copy())
    predictor = load_predictor(tmp_path / "run")
    assert predictor.class_names == ("cat", "dog")
    assert torch.equal(_load(1, path, predictor, invert=False).input, expected.float())


def test_a_sweep_stands_for_its_selected_run(tmp_path):
    (tmp_path / "leaderboard.json").write_text('{"selected_run": "abc"}')
    assert paths.run_dir(str(tmp_path)) == tmp_path.resolve() / "abc"
    (tmp_path / "leaderboard.json").write_text('{"selected_run": null}')
    with pytest.raises(BakeoffError, match="No run of this sweep completed"):
        paths.run_dir(str(tmp_path))
