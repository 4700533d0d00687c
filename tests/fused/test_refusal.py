"""What cannot train together says why."""

from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from pytorch_lightning.callbacks import Callback, EarlyStopping, LearningRateMonitor
from torch import nn

from bakeoff import run
from bakeoff.fused.refusal import BATCH_HOOKS, TOLD, refusals, watches_batches
from bakeoff.run.hooks.watch import Watch
from bakeoff.run.hooks.weights_log import WeightsLog
from bakeoff.run.parts.compiled import compiled

ROOM = Path(run.__path__[0])


class Plain(nn.Linear):
    pass


class ByHand(nn.Linear):
    def backward(self, delta):
        return delta


def module(net=None, loss=None, by_hand=False):
    return SimpleNamespace(
        net=net or Plain(2, 2),
        loss=loss or nn.CrossEntropyLoss(),
        metrics=nn.Module(),
        by_hand=by_hand,
    )


def trainer(**changed):
    settings = {
        "precision": "32-true", "accumulate_grad_batches": 1, "gradient_clip_val": 1.0,
        "gradient_clip_algorithm": None, "val_check_interval": 1.0, "max_steps": -1,
        "callbacks": [], "strategy": SimpleNamespace(root_device=torch.device("cpu")),
    }  # fmt: skip
    return SimpleNamespace(**(settings | changed))


@pytest.mark.parametrize("device", ["cpu", "cuda"])
@pytest.mark.parametrize("precision", ["32-true", "bf16-mixed"])
def test_a_plain_net_can_be_stacked(device, precision):
    on = SimpleNamespace(root_device=torch.device(device))
    assert not list(refusals(trainer(strategy=on, precision=precision), module()))


def test_a_net_that_is_compiled_trains_alone(monkeypatch):
    monkeypatch.setattr(torch, "compile", lambda function, mode: function)
    net = Plain(2, 2)
    with compiled(net, "default"):
        assert list(refusals(trainer(), module(net))) == ["trainer.compile is set"]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"precision": "16-mixed"}, "trainer.precision is 16-mixed"),
        ({"accumulate_grad_batches": 2}, "accumulate_grad_batches"),
        ({"gradient_clip_algorithm": "value"}, "clipped by value"),
        ({"val_check_interval": 0.5}, "val_check_interval"),
        ({"max_steps": 10}, "max_steps"),
        ({"callbacks": [LearningRateMonitor()]}, "LearningRateMonitor looks at every batch"),
        ({"callbacks": [WeightsLog(None, True)]}, "trainer.histograms"),
        (
            {"strategy": SimpleNamespace(root_device=torch.device("mps"))},
            "trains on mps: expected one of cpu, cuda",
        ),
    ],
)
def test_settings_of_the_trainer_that_need_every_batch(changed, reason):
    assert reason in "; ".join(refusals(trainer(**changed), module()))


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (module(ByHand(2, 2), by_hand=True), "gradients by hand"),
        (module(nn.Sequential(nn.LSTM(2, 2, bidirectional=True))), "both directions"),
        (module(loss=nn.PReLU()), "the loss or a metric is trained too"),
        (module(nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2).double())), "several types"),
    ],
)
def test_nets_and_losses_that_cannot_be_stacked(made, reason):
    assert reason in "; ".join(refusals(trainer(), made))


def test_callbacks_that_look_at_epochs_only_are_no_obstacle():
    class Own(Callback):
        def on_train_batch_end(self, *_):
            pass

    assert watches_batches(Own())
    assert not watches_batches(EarlyStopping("val/loss"))
    assert not watches_batches(Watch(None))


def dotted(path):
    return ".".join(["bakeoff.run", *path.relative_to(ROOM).with_suffix("").parts])


def test_every_callback_of_a_run_is_told_of_batches_or_looks_at_none():
    kinds = [
        kind
        for path in sorted(ROOM.rglob("*.py"))
        for kind in vars(import_module(dotted(path))).values()
        if isinstance(kind, type)
        and issubclass(kind, Callback)
        and kind.__module__.startswith("bakeoff.")
    ]
    looking = {
        k for k in kinds if any(getattr(k, n) is not getattr(Callback, n) for n in BATCH_HOOKS)
    }
    # Those left out belong to LightningModules with steps of their own, and to a single run, which train
    # alone.
    alone = {"OwnModuleWatch", "RunProgressBar"}
    assert {kind.__name__ for kind in looking if not issubclass(kind, TOLD)} <= alone
