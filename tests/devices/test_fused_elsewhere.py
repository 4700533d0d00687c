"""Runs train as one on a device that is not the CPU, without mixing devices, and do not wait at each step.

The device is a made-up one (`tests.devices.elsewhere`, which says what that proves). torch's `vmap` hides
what it does from it, so a loop over the members stands in its place.
"""

import pytest
import torch
from tests.devices.elsewhere import ELSEWHERE, Elsewhere, train_elsewhere
from tests.fused.runs import alone, together
from tests.fused.test_together import OPTIMIZERS

from bakeoff.fused import device_data, refusal, step
from bakeoff.fused.epoch import StackedTraining
from bakeoff.fused.turns import Turn

DIGITS = ["task=classification", "data=classification/digits", "trainer.max_epochs=2"]
FEW = ["+trainer.limit_train_batches=4", "+trainer.limit_val_batches=2"]
WORDS = ["task=conjugation", "data=conjugation/python_docs", "trainer.max_epochs=1", *FEW]
FAMILIES = {
    "mlp": [*DIGITS, "model=mlp/standard", "model.hidden=[16]", "model.dropout=0.2", "augment=jitter"],
    "mlp with batch norm and regularization": [
        *(*DIGITS, "model=mlp/standard", "model.hidden=[16]", "model.batch_norm=true"),
        *("regularization=l1", "patience=1"),
    ],
    "lenet5": [
        *("task=localization", "data=localization/digits", "model=lenet5/shallow"),
        *("data.sizes={train:128,val:40,test:40}", "trainer.max_epochs=1"),
    ],
    "words": [*WORDS, "model=word_mlp/shallow"],
    "lstm": [*WORDS, "model=word_lstm/shallow", "model.hidden=8"],
}  # fmt: skip
SLOW = {"mlp with batch norm and regularization", "lenet5", "lstm"}
OWN = [["seed=0"], ["seed=1", "optimizer.lr=3e-3"], ["seed=0", "optimizer.lr=3e-2"]]


def marked(names):
    """The names, those of slow tests with their mark."""
    return [pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in names]


def looped(function):
    """What `vmap(function)` computes."""

    def of_each(count, *arguments):
        return [function(*(part(argument, at) for argument in arguments)) for at in range(count)]

    def part(of_all, at):
        if isinstance(of_all, dict):
            return {name: own[at] for name, own in of_all.items()}
        return of_all[at]

    def of_all(*arguments):
        found = of_each(len(arguments[-1]), *arguments)
        if isinstance(found[0], dict):
            return {name: torch.stack([one[name] for one in found]) for name in found[0]}
        return torch.stack(found)

    return of_all


@pytest.fixture
def device(monkeypatch) -> Elsewhere:
    """The device, for all trainers and in the thread of every run."""
    made, run = Elsewhere(), Turn._run

    def run_there(turn):
        with made:
            run(turn)

    train_elsewhere(monkeypatch)
    made.follow_parameters(monkeypatch)
    monkeypatch.setattr(Turn, "_run", run_there)
    monkeypatch.setattr(step, "vmap", looped)
    monkeypatch.setattr(refusal, "DEVICES", (ELSEWHERE.type,))
    monkeypatch.setattr(device_data, "free_memory", lambda _: 2**40)
    return made


@pytest.mark.parametrize("name", marked(FAMILIES))
def test_members_never_mix_devices(name, tmp_path, request):
    lines = [[*FAMILIES[name], *own] for own in OWN]
    expected = alone(tmp_path / "alone", lines)
    device = request.getfixturevalue("device")
    with device:
        found = together(tmp_path / "there", lines)
    for one, other in zip(expected, found, strict=True):
        assert other.record.status == "completed", other.record.error
        assert other.record.environment["device"] == str(ELSEWHERE)
        assert other.record.metrics == pytest.approx(one.record.metrics, abs=1e-3)


@pytest.mark.slow
def test_no_optimizer_mixes_devices(tmp_path, request):
    plain = [*DIGITS, "model=mlp/standard", "model.hidden=[8]", "trainer.max_epochs=1"]
    lines = [[*plain, *own] for own in OPTIMIZERS.values()]
    expected = alone(tmp_path / "alone", lines)
    with request.getfixturevalue("device"):
        found = together(tmp_path / "there", lines)
    for name, one, other in zip(OPTIMIZERS, expected, found, strict=True):
        assert other.record.status == "completed", (name, other.record.error)
        assert other.record.metrics == pytest.approx(one.record.metrics, abs=1e-3), name


@pytest.mark.parametrize("name", marked(FAMILIES))
def test_an_epoch_waits_for_the_device_as_often_whatever_its_length(
    name, tmp_path, device, monkeypatch
):
    waits = []
    usual = StackedTraining.epoch

    def epoch(self):
        device.waits.clear()
        usual(self)
        waits.append(list(device.waits))

    monkeypatch.setattr(StackedTraining, "epoch", epoch)
    line = [part for part in FAMILIES[name] if "limit" not in part and "epochs" not in part]
    for batches in (2, 4):
        few = [f"+trainer.limit_train_batches={batches}", "trainer.max_epochs=2"]
        with device:
            together(tmp_path / str(batches), [[*line, *few, *own] for own in OWN])
    shorter, longer = waits[1], waits[3]  # the second epochs, when all is made
    assert shorter == longer
