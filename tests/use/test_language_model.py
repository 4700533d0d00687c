"""A language model is loaded from a run alone, and other runs are refused."""

import pytest
import torch
from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.nets.recurrent_language_model import RecurrentLanguageModel
from bakeoff.store import record
from bakeoff.store.digest import file_digest
from bakeoff.store.record import Checkpoint
from bakeoff.use.language_model import load_language_model

WORDS = ["the", "cat", "sat"]
SETTINGS = {
    "cell": "gru", "dimension": 3, "layers": 1, "hidden": 4, "dropout": 0.5, "tied": False,
    "embedding": None, "frozen": False,
}  # fmt: skip


@pytest.fixture
def run_dir(word_run):
    """The run of a net with random weights."""
    folder = word_run("talk", WORDS, torch.zeros(1))
    shapes = {"input_shape": [2], "output_shape": [2, 4], "vocabulary_size": 4}
    torch.manual_seed(0)
    net = RecurrentLanguageModel(**shapes, **SETTINGS)
    state = {f"net.{name}": value for name, value in net.state_dict().items()}
    weights = folder / "checkpoints" / "best.ckpt"
    torch.save({"state_dict": state}, weights)
    run = record.read(folder)
    run.checkpoint = Checkpoint("checkpoints/best.ckpt", file_digest(weights))
    run.built_for, run.artifacts = shapes, ["tokenizer.json"]
    run.write(folder)
    configure(folder, f"{RecurrentLanguageModel.__module__}.RecurrentLanguageModel", **SETTINGS)
    return folder


def configure(folder, target, **settings):
    config = {"threads": 1, "model": {"_target_": target, **settings}}
    (folder / ".hydra").mkdir(exist_ok=True)
    OmegaConf.save(OmegaConf.create(config), folder / ".hydra" / "config.yaml")


def test_a_run_is_a_language_model_with_its_weights(run_dir):
    model = load_language_model(run_dir)
    assert not model.net.training
    assert model.text(model.encode("the cat")) == "The cat"
    torch.manual_seed(0)
    expected = RecurrentLanguageModel((2,), (2, 4), 4, **SETTINGS)
    assert torch.equal(model.net.rnn.weight_hh_l0, expected.rnn.weight_hh_l0)


def test_a_run_of_another_task_is_refused(run_dir):
    run = record.read(run_dir)
    del run.built_for["vocabulary_size"]
    run.write(run_dir)
    with pytest.raises(BakeoffError, match="generates no text: expected a run of a language model"):
        load_language_model(run_dir)


def test_a_net_that_generates_nothing_is_refused(run_dir):
    configure(run_dir, "torch.nn.Identity")
    run = record.read(run_dir)
    weights = run_dir / "checkpoints" / "best.ckpt"
    torch.save({"state_dict": {}}, weights)
    run.checkpoint = Checkpoint("checkpoints/best.ckpt", file_digest(weights))
    run.write(run_dir)
    with pytest.raises(BakeoffError, match=r"torch.nn.Identity has no method step\(ids, state\)"):
        load_language_model(run_dir)
