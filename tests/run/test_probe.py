"""What the probe measures."""

from types import SimpleNamespace

import pytest
import torch
from torch import nn

from bakeoff.data.batches import Tensors
from bakeoff.metrics.classification import ClassificationMetrics
from bakeoff.run.probe import Probe, sparsity


def test_sparsity_by_hand():
    weights = torch.tensor([[0.0, 5e-4], [1e-3, -2.0]])
    vector = torch.zeros(10)  # a bias does not count
    assert sparsity([weights, vector], 1e-3) == 0.5
    assert sparsity([weights, torch.zeros(1, 2, 1, 1)], 1e-3) == pytest.approx(4 / 6)
    assert sparsity([], 1e-3) == 0


class Answers(nn.Module):
    """Takes the logits as its input; notes what is logged."""

    device = torch.device("cpu")

    def __init__(self):
        super().__init__()
        self.net = nn.Linear(2, 2, bias=False)
        nn.init.constant_(self.net.weight, 0)
        self.metrics = ClassificationMetrics()
        self.logged = {}

    def read(self, x, state):
        return x, state

    def log_dict(self, values):
        self.logged |= values


def test_the_gap_is_training_minus_validation_by_hand():
    right, wrong = [1.0, 0.0], [0.0, 1.0]  # logits, where class 0 is true
    module = Answers()
    # Of 7 training samples rows 0, 2, 4 and 6 are looked at: as many as are for validation.
    train = torch.tensor([right, wrong, right, wrong, right, wrong, wrong])
    data = SimpleNamespace(
        splits={
            "train": Tensors(train, torch.zeros(7, dtype=torch.long)),
            "val": Tensors(torch.zeros(4, 2), torch.zeros(4, dtype=torch.long)),
        },
        batch_size=3,
    )
    module.metrics.update(torch.tensor([right, wrong, wrong, wrong]), torch.zeros(4).long())
    trainer = SimpleNamespace(sanity_checking=False, datamodule=data)
    Probe("accuracy", 1e-3).on_validation_epoch_end(trainer, module)
    assert float(module.logged["val/gap"]) == pytest.approx(3 / 4 - 1 / 4)
    assert module.logged["val/sparsity"] == 1
    assert float(module.metrics.compute()["accuracy"]) == 0.25  # what it has seen is kept


class Reads(Answers):
    """Carries what it has read."""

    def __init__(self):
        super().__init__()
        self.net.carries = True
        self.seen = []

    def read(self, x, state):
        self.seen.append((x[:, 0].tolist(), state))
        return x, x[:, 0].tolist()


def test_a_net_that_carries_a_state_reads_training_samples_in_order():
    module = Reads()
    train = torch.stack([torch.arange(9.0), torch.zeros(9)], dim=1)
    data = SimpleNamespace(
        splits={
            "train": Tensors(train, torch.zeros(9, dtype=torch.long)),
            "val": Tensors(torch.zeros(4, 2), torch.zeros(4, dtype=torch.long)),
        },
        batch_size=2,
    )
    module.metrics.update(torch.zeros(4, 2), torch.zeros(4).long())
    trainer = SimpleNamespace(sanity_checking=False, datamodule=data)
    Probe("accuracy", 1e-3).on_validation_epoch_end(trainer, module)
    assert module.seen == [([0, 1], None), ([2, 3], [0, 1])]


def test_without_the_metric_among_the_tasks_there_is_no_gap():
    module = Answers()
    module.metrics.update(torch.zeros(2, 2), torch.zeros(2, dtype=torch.long))
    probe = Probe("loss", 1e-3)
    probe.on_validation_epoch_end(SimpleNamespace(sanity_checking=False), module)
    assert set(module.logged) == {"val/sparsity"} and probe.measured(["accuracy"]) == ("sparsity",)
    assert Probe("accuracy", 1e-3).measured(["accuracy"]) == ("sparsity", "gap")
