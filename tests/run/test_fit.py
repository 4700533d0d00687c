"""What training leaves in TensorBoard, in the record and in the weights."""

import pytest
import pytorch_lightning as pl
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
from torch import nn

from bakeoff.data.batches import Tensors, loader
from bakeoff.run.fit import flatten, quiet_lightning
from bakeoff.run.supervised import DivergedError, Supervised
from bakeoff.store import record
from bakeoff.tasks.boxes.metrics import ObjectMetrics


@pytest.fixture(scope="session")
def events(swept):
    sweep = swept[0].folder / "outputs" / "tiny" / "latest"
    run_dir = next(path.parent for path in sorted(sweep.glob("*/run.json")))
    accumulator = EventAccumulator(
        str(run_dir), size_guidance={"scalars": 0, "tensors": 0, "images": 0}
    )
    return accumulator.Reload(), record.read(run_dir)


def test_curves_have_a_point_for_every_epoch(events):
    accumulator, run = events
    tags = accumulator.Tags()["scalars"]
    assert {"train/loss", "val/loss", "val/performance", "val/iou", "learning_rate"} <= set(tags)
    values = [event.value for event in accumulator.Scalars("val/performance")]
    assert len(values) == run.epochs == 2
    assert max(values) == pytest.approx(run.metric.value, abs=1e-6)


def test_there_are_pictures_of_validation_images(events):
    accumulator, _ = events
    pictures = accumulator.Images("validation")
    assert len(pictures) == 2  # the first epoch and the last
    assert pictures[0].encoded_image_string.startswith(b"\x89PNG")
    assert pictures[0].width > 4 * 4 * 60


def test_hparams_table_has_the_settings_and_the_best_values(events):
    accumulator, run = events
    content = accumulator.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
    settings = HParamsPluginData.FromString(content).session_start_info.hparams
    assert settings["seed"].number_value == run.seed
    assert settings["model._target_"].string_value == "bakeoff.nets.lenet5.LeNet5"
    content = accumulator.SummaryMetadata("_hparams_/experiment").plugin_data.content
    columns = {m.name.tag for m in HParamsPluginData.FromString(content).experiment.metric_infos}
    assert {"best/performance", "train_seconds", "parameters"} <= columns
    shown = accumulator.Scalars("best/performance")[-1].value
    assert shown == pytest.approx(run.metric.value, abs=1e-6)


def test_flatten_gives_dotted_scalars():
    nested = {"a": {"b": 1, "c": [1, 2]}, "d": None, "e": True}
    assert dict(flatten(nested)) == {"a.b": 1, "a.c": "[1, 2]", "d": "None", "e": True}


class SquaredError(nn.Module):
    def forward(self, output, target):
        return {"loss": (output[:, :1] - target[:, :1]).square().mean()}


def module_for(data_mean=0.0, lr=0.1):
    return Supervised(
        net=nn.Linear(3, 15),
        loss=SquaredError(),
        metrics=ObjectMetrics(),
        optimizer=lambda parameters: torch.optim.SGD(parameters, lr=lr),
        scheduler=None,
        augment=None,
        regularization=None,
        mean=torch.tensor(data_mean),
        std=torch.tensor(2.0),
    )


def fit(module, inputs, epochs=40):
    targets = torch.zeros(len(inputs), 6)
    targets[:, 0] = (inputs[:, 0] > 0).float()
    data = Tensors(inputs, targets)
    with quiet_lightning():
        trainer = pl.Trainer(
            max_epochs=epochs, accelerator="cpu", logger=False, enable_checkpointing=False,
            enable_progress_bar=False, enable_model_summary=False, num_sanity_val_steps=0,
        )  # fmt: skip
        trainer.fit(module, loader(data, 16, shuffle=True), loader(data, 16))
    return trainer


def test_a_small_problem_is_learned():
    pl.seed_everything(0, verbose=False)
    inputs = torch.randn(64, 3).sign()
    trainer = fit(module_for(), inputs)
    assert trainer.callback_metrics["val/loss"] < 0.01


def test_logged_loss_is_the_mean_over_samples_not_over_batches():
    pl.seed_everything(0, verbose=False)
    inputs = torch.randn(40, 3)  # batches of 16, 16 and 8
    module = module_for()
    trainer = fit(module, inputs, epochs=1)
    target = (inputs[:, :1] > 0).float()
    with torch.no_grad():
        expected = (module(inputs)[:, :1] - target).square().mean()
    assert trainer.callback_metrics["val/loss"] == pytest.approx(float(expected), rel=1e-5)


def test_inputs_are_normalized_by_the_modules_own_statistics():
    module = module_for(data_mean=100.0)
    images = torch.full((1, 3), 104, dtype=torch.uint8)
    assert torch.equal(module(images), module.net(torch.full((1, 3), 2.0)))
    assert {"mean", "std"} <= module.state_dict().keys()


def test_a_loss_that_is_not_finite_stops_and_names_the_step():
    pl.seed_everything(0, verbose=False)
    inputs = torch.randn(64, 3)
    with pytest.raises(
        DivergedError, match=r"not finite since step \d+ \(epoch \d+\).*optimizer.lr"
    ):
        fit(module_for(lr=1e20), inputs)
