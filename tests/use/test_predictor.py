"""A run that predicts for images: normalized as it was trained, decoded in pixels, without its data."""

import pytest
import torch
from omegaconf import OmegaConf
from torch import nn

from bakeoff.errors import BakeoffError
from bakeoff.images.crop import cropped
from bakeoff.images.finding import Finding
from bakeoff.images.letterbox import letterbox
from bakeoff.store.digest import file_digest
from bakeoff.store.record import Checkpoint, Metric, RunRecord
from bakeoff.use.predictor import load_predictor

WEIGHTS = torch.tensor(
    [[1.0, 0, 0, 0], [0, 0, 0, 1]]
)  # one class for the first pixel, one for the last


class Looks(nn.Module):
    """Scores of two classes by the pixels of an image."""

    def __init__(self, input_shape, output_shape):
        super().__init__()
        self.dense = nn.Linear(4, *output_shape, bias=False)

    def forward(self, x):
        return self.dense(x.flatten(1))


class Data:
    """Names classes as it is made, or as a checkpoint says."""

    white = 255.0

    def __init__(self, names):
        self.class_names = tuple(names)

    def net_arguments(self, settings):
        raise AssertionError("a net is built from the run's record")

    def load_state_dict(self, state):
        self.class_names = tuple(state["class_names"])


class Cropped(Data):
    framing = staticmethod(cropped)


def decode(output, height, width, least):
    """A finding per image that says how large it is told to be."""
    return [[Finding(int(row.argmax()), least, (0, 0, width, height))] for row in output]


@pytest.fixture
def make(tmp_path):
    """Makes the folder of a finished run, its settings as given."""

    def run_dir(data="Data", kept=None, task=None):
        (tmp_path / "checkpoints").mkdir()
        (tmp_path / ".hydra").mkdir()
        weights = tmp_path / "checkpoints" / "best.ckpt"
        state = {
            "net.dense.weight": WEIGHTS,
            "mean": torch.tensor(100.0),
            "std": torch.tensor(50.0),
        }
        torch.save({"state_dict": state, **(kept or {})}, weights)
        decoded = {"_target_": f"{__name__}.decode", "_partial_": True, "least": 0.25}
        config = {
            "threads": 1,
            "model": {"_target_": f"{__name__}.Looks"},
            "data": {"_target_": f"{__name__}.{data}", "names": ["cat", "dog"]},
            "task": {"decode": decoded} if task is None else task,
        }
        OmegaConf.save(OmegaConf.create(config), tmp_path / ".hydra" / "config.yaml")
        RunRecord(
            "x", "completed", "e", "looking", "c", [], 0, Metric("accuracy", "max", 1.0, 0),
            built_for={"input_shape": [1, 2, 2], "output_shape": [2]},
            checkpoint=Checkpoint("checkpoints/best.ckpt", file_digest(weights)),
        ).write(tmp_path)  # fmt: skip
        return tmp_path

    return run_dir


def test_images_are_normalized_and_findings_are_in_their_pixels(make):
    predictor = load_predictor(make())
    first, last = torch.zeros(2, 1, 2, 2, dtype=torch.uint8)
    first[0, 0, 0] = last[0, 1, 1] = 200
    found = predictor(torch.stack([first, last]))
    assert found == [[Finding(0, 0.25, (0, 0, 2, 2))], [Finding(1, 0.25, (0, 0, 2, 2))]]
    seen = []
    predictor.net.register_forward_pre_hook(lambda net, inputs: seen.append(inputs[0]))
    predictor(first.unsqueeze(0))
    assert seen[0].flatten().tolist() == [2, -2, -2, -2]
    assert not predictor.net.training
    assert (predictor.input_shape, predictor.white) == ((1, 2, 2), 255.0)


def test_names_are_those_of_the_training(make):
    predictor = load_predictor(make(kept={"Data": {"class_names": ["ant", "bee"]}}))
    assert predictor.class_names == ("ant", "bee")


def test_without_names_in_the_checkpoint_the_data_name_them(make):
    assert load_predictor(make()).class_names == ("cat", "dog")


def test_images_are_framed_as_the_data_are_and_whole_where_these_do_not_say(make):
    assert load_predictor(make()).framing is letterbox


def test_the_data_say_how_images_are_framed(make):
    assert load_predictor(make(data="Cropped")).framing is cropped


def test_a_task_that_says_nothing_about_images_is_named(make):
    with pytest.raises(
        BakeoffError, match=r"task looking says nothing about image files: expected"
    ):
        load_predictor(make(task={"name": "looking"}))


def test_data_that_say_nothing_of_image_files_are_named(make, monkeypatch):
    monkeypatch.delattr(Data, "white")
    with pytest.raises(BakeoffError, match="does not say how an image file becomes an input"):
        load_predictor(make())
