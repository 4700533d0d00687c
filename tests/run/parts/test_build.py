"""Objects from configs: what fits together is made, and what does not is named."""

from types import SimpleNamespace

import pytest
import torch
from tests.run import in_memory
from tests.run.own_modules import own_config
from torch import nn

from bakeoff.errors import BakeoffError
from bakeoff.run.parts.build import build_data, build_loss, build_module, build_net


def test_data_are_prepared(monkeypatch):
    prepared = []
    monkeypatch.setattr(in_memory.Pairs, "prepare_data", lambda data: prepared.append(data))
    data = build_data(in_memory.config("data.batch_size=7"))
    assert prepared == [data]
    assert data.batch_size == 7


# A net for two numbers that answers two


class Answers(nn.Module):
    """Gives `numbers` for each input."""

    def __init__(self, input_shape, output_shape, numbers=2):
        super().__init__()
        self.dense = nn.Linear(*input_shape, numbers)
        self.modes = []

    def forward(self, x):
        self.modes.append((self.training, x.shape, x.dtype, torch.is_grad_enabled()))
        return self.dense(x)


class Hollow(Answers):
    """Answers, with a layer of no width."""

    def __init__(self, input_shape, output_shape):
        super().__init__(input_shape, output_shape)
        self.hollow = nn.Parameter(torch.empty(0, 2))


ANSWERS = f"{__name__}.Answers"


def net(**settings):
    config = in_memory.config()
    config.model = settings
    return build_net(config, in_memory.data())


def test_a_net_is_tried_without_learning_and_then_is_in_training():
    found = net(_target_=ANSWERS)
    assert found.modes == [(False, (2, 2), torch.float32, False)]
    assert found.training


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"_target_": ANSWERS, "numbers": 3},
            r"gives \(2, 3\) for a batch of 2, expected \(2, 2\)",
        ),
        (
            {"_target_": f"{__name__}.Hollow"},
            r"model: .*Hollow: hollow: no weights: expected",
        ),
        (
            {"_target_": "bakeoff.nets.mlp.MLP", "hidden": []},
            r"MLP needs activation, batch_norm, dropout, but the inputs of task pairs are numbers, for "
            r"which a net is built with input_shape, output_shape",
        ),
        (
            {"_target_": "torch.nn.Linear", "in_features": 2, "out_features": 2},
            r"torch.nn.Linear does not take input_shape, output_shape, but .*: choose a model for numbers",
        ),
    ],
)
def test_a_net_for_other_data_is_named_with_what_it_was_given(settings, message):
    with pytest.raises(BakeoffError, match=message):
        net(**settings)


def test_a_net_that_cannot_read_the_inputs_is_named(monkeypatch):
    monkeypatch.setattr(in_memory.Pairs, "input_shape", (3, 4))
    with pytest.raises(BakeoffError, match=r"Answers cannot take inputs of shape \(3, 4\): "):
        net(_target_=ANSWERS, numbers=2)


def test_a_loss_without_a_derivative_does_not_serve_a_net_without_autograd():
    config = in_memory.config()
    by_hand = SimpleNamespace(backward=None)
    assert hasattr(build_loss(config, by_hand), "with_derivative")
    config.loss = {"_target_": "torch.nn.CrossEntropyLoss"}
    assert isinstance(build_loss(config, nn.Linear(1, 1)), nn.CrossEntropyLoss)
    with pytest.raises(BakeoffError, match="CrossEntropyLoss has no derivative written by hand"):
        build_loss(config, by_hand)


def test_inputs_are_normalized_by_statistics_of_the_training_split():
    data = in_memory.data()
    module = build_module(in_memory.config(), data)
    train = data.splits["train"].tensors[0]
    assert float(module.mean) == pytest.approx(float(train.mean()), rel=1e-6)
    assert float(module.std) == pytest.approx(float(train.std(correction=0)), rel=1e-6)
    for split in ("val", "test"):
        assert float(module.mean) != pytest.approx(float(data.splits[split].tensors[0].mean()))
    inputs = data.splits["val"].tensors[0]
    torch.testing.assert_close(module(inputs), module.net((inputs - train.mean()) / module.std))


class Weighed(nn.Module):
    def weigh(self, counts):
        self.counts = counts


def test_a_loss_that_weighs_classes_learns_how_often_each_is_a_training_target(monkeypatch):
    data = in_memory.data()
    counts = torch.bincount(data.splits["train"].tensors[1])
    monkeypatch.setattr(in_memory.Pairs, "class_counts", lambda data: counts, raising=False)
    config = in_memory.config()
    config.loss = {"_target_": f"{__name__}.Weighed"}
    assert build_module(config, data).loss.counts is counts


def test_optional_parts_are_made_where_the_config_has_them():
    config = in_memory.config()
    config.regularization = {
        "_target_": "bakeoff.run.regularization.Regularization", "l1": 0.0, "l2": 0.1, "decoupled": False,
    }  # fmt: skip
    config.augment = {"_target_": "bakeoff.tasks.boxes.shift.Shift", "pixels": 2}
    module = build_module(config, in_memory.data())
    assert module.regularization.l2 == 0.1
    assert module.augment.pixels == 2
    assert module.scheduler is None
    bare = build_module(in_memory.config(), in_memory.data())
    assert bare.regularization is bare.augment is None


def test_a_lightning_module_says_its_kind():
    config = own_config()
    del config.model["kind"]
    said = r"own_modules\.Own is a LightningModule: say \+model\.kind=lightning"
    with pytest.raises(BakeoffError, match=said):
        build_net(config, Both(16, 30))


class Both(in_memory.Pairs):
    """Gives a net the one shape that the module takes."""

    def net_arguments(self, settings):
        return {"input_shape": (2,)}


def test_a_lightning_module_is_made_where_the_kind_says_so():
    assert type(build_module(own_config(), in_memory.data())).__name__ == "Own"


def test_a_net_without_a_loss_is_named():
    config = in_memory.config()
    config.loss = None
    with pytest.raises(BakeoffError, match=r"loss: none is chosen, and model .*MLP needs one"):
        build_loss(config, nn.Linear(2, 2))
