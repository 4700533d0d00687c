"""A LightningModule of the user's own: made, trained with records, continued, evaluated."""

import math

import pytest
import pytorch_lightning as pl
import torch
from omegaconf import OmegaConf
from tests.run import in_memory
from tests.run.own_modules import own_config

from bakeoff.errors import BakeoffError
from bakeoff.run.fit import fit
from bakeoff.run.parts.own_module import Evaluated, build_own_module, evaluated, trained
from bakeoff.run.parts.quiet_lightning import quiet_lightning
from bakeoff.run.read_back import read_net, read_run
from bakeoff.store import atomic
from bakeoff.store.record import Metric, RunRecord


def run(folder, config, goes_on=False) -> RunRecord:
    metric = Metric(config.task.metric.name, config.task.metric.direction)
    record = RunRecord("own", "running", "memory", "pairs", "own", [], config.seed, metric)
    atomic.write_text(folder / ".hydra" / "config.yaml", OmegaConf.to_yaml(config))
    fit(config, record, folder, show_progress=False, goes_on=goes_on)
    record.write(folder)
    return record


def test_it_leaves_the_record_of_any_run(tmp_path):
    record = run(tmp_path, own_config())
    assert (record.status, record.error) == ("completed", None)
    assert record.metric.value == record.metrics["accuracy"] > 0.6
    assert set(record.metrics) == {"accuracy", "cost"}
    assert record.parameters == 2 * 8 + 8 + 8 * 2 + 2
    assert record.epochs == 3 and record.train_seconds > 0 and record.samples_per_second > 0
    assert record.seconds_per_prediction > 0 and record.data_fingerprint
    assert record.checkpoint.path == "checkpoints/best.ckpt"
    config, data, module = read_run(tmp_path, record)
    x, y = data.splits["val"][:]
    assert float((module(x).argmax(dim=1) == y).float().mean()) == pytest.approx(
        record.metric.value
    )
    with pytest.raises(
        BakeoffError, match=r"own_modules\.Own, a LightningModule .* load_from_check"
    ):
        read_net(config, record, {})


def test_the_same_seed_gives_the_same_numbers_and_another_one_others(tmp_path):
    values = [
        run(tmp_path / str(at), own_config("Own", f"seed={seed}")).metrics["cost"]
        for at, seed in enumerate((0, 0, 1))
    ]
    assert values[0] == values[1] != values[2]


class Stop(pl.Callback):
    def on_train_batch_end(self, trainer, *_):
        if trainer.current_epoch == 2:
            raise RuntimeError("stopped")


def test_an_interrupted_one_goes_on_and_ends_with_the_same_numbers(tmp_path, caplog):
    whole = run(tmp_path / "whole", own_config("Own", "trainer.max_epochs=4"))
    config = own_config("Own", "trainer.max_epochs=4")
    config.callbacks = {"stop": {"_target_": f"{__name__}.Stop"}}
    part = run(tmp_path / "part", config)
    assert part.status == "failed" and part.epochs == 2
    config.callbacks = None
    with caplog.at_level("INFO"):
        rest = run(tmp_path / "part", config, goes_on=True)
    assert f"goes on from {tmp_path / 'part' / 'checkpoints' / 'last.ckpt'}" in caplog.text
    assert (rest.status, rest.epochs, rest.metrics) == ("completed", 4, whole.metrics)


def test_a_loss_that_is_not_finite_ends_it_as_diverged(tmp_path):
    record = run(tmp_path, own_config("Diverging"))
    assert record.status == "diverged" and "loss was not finite before step" in record.error


def test_optimization_by_hand_is_a_run_like_any_other(tmp_path):
    record = run(tmp_path, own_config("ByHand"))
    assert record.status == "completed" and math.isfinite(record.metric.value)


def test_it_gets_the_shapes_that_it_takes():
    module = build_own_module(own_config(), in_memory.data())
    assert list(module.hparams.input_shape) == [2] and trained(module) is module
    config = own_config()
    config.model.input_shape = [2]
    assert build_own_module(config, in_memory.data()).hparams.input_shape == [2]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (
            "torch.nn.ReLU",
            r"torch\.nn\.ReLU is a ReLU: model\.kind=lightning expects a LightningModule",
        ),
        (
            "pytorch_lightning.LightningModule",
            "lacks training_step, validation_step, configure_optimizers",
        ),
    ],
)
def test_what_is_no_whole_lightning_module_is_named(target, said):
    config = own_config()
    config.model = {"kind": "lightning", "_target_": target}
    with pytest.raises(BakeoffError, match=said):
        build_own_module(config, in_memory.data())


def test_test_data_are_measured_by_test_step_or_else_by_validation_step():
    data = in_memory.data()
    x, y = data.splits["test"][:]
    for kind in ("Own", "Tested"):
        torch.manual_seed(0)
        config = own_config(kind)
        module = build_own_module(config, data).eval()
        with quiet_lightning():
            found = evaluated(config, module, data, "test")
        right = float((module(x).argmax(dim=1) == y).float().mean())
        expected = {"Own": right, "Tested": 0.25}[kind]
        assert float(found["accuracy"]) == pytest.approx(expected)
        assert set(found) == ({"accuracy", "cost"} if kind == "Own" else {"accuracy"})


def test_the_transfer_of_the_data_holds_for_the_test_too():
    class Moving(in_memory.Pairs):
        def on_after_batch_transfer(self, batch, dataloader_idx):
            return "moved"

    data = Moving(16, 30)
    data.setup("test")
    given = Evaluated(data, "test")
    assert given.on_after_batch_transfer(None, 0) == "moved"
    assert given.val_dataloader().dataset is data.splits["test"]
