"""What training leaves in TensorBoard, in the record and in the weights."""

import pytest
import pytorch_lightning as pl
import torch
from torch import nn

from bakeoff.data.batches import Tensors, loader
from bakeoff.run.quiet_lightning import quiet_lightning
from bakeoff.run.supervised import DivergedError, Supervised
from bakeoff.tasks.boxes.metrics import ObjectMetrics


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
