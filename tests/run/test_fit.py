"""What training leaves in TensorBoard, in the record and in the weights."""

import pytest
import pytorch_lightning as pl
import torch
from tests.run import in_memory
from torch import nn
from torchmetrics import MeanMetric

from bakeoff.data.batches import Tensors, loader
from bakeoff.run.parts.divergence import DivergedError
from bakeoff.run.parts.quiet_lightning import quiet_lightning
from bakeoff.run.parts.supervised import Supervised
from bakeoff.run.predictions import predictions
from bakeoff.run.read_back import read_run
from bakeoff.store import record
from bakeoff.store.digest import file_digest
from bakeoff.tasks.boxes.metrics import ObjectMetrics


def test_curves_have_a_point_for_every_epoch(events):
    accumulator, run = events
    tags = accumulator.Tags()["scalars"]
    assert {"train/loss", "val/loss", "val/performance", "val/iou"} <= set(tags)
    values = [event.value for event in accumulator.Scalars("val/performance")]
    assert len(values) == run.epochs == 2
    assert max(values) == pytest.approx(run.metric.value, abs=1e-6)


def test_scalars_open_with_the_best_value_and_end_with_what_is_watched(events):
    accumulator, run = events
    scalars = {tag: accumulator.Scalars(tag) for tag in accumulator.Tags()["scalars"]}
    groups = dict.fromkeys(sorted(tag.partition("/")[0] for tag in scalars))
    assert list(groups) == ["best", "train", "val", "watch"]
    steps = {len({point.step for point in points}) for points in scalars.values()}
    assert steps == {run.epochs}  # no chart of one point
    best = [point.value for point in scalars["best/performance"]]
    assert best == sorted(best) and best[-1] == pytest.approx(run.metric.value, abs=1e-6)
    watched = {tag for tag in scalars if tag.startswith("watch/")}
    names = {"epoch", "learning_rate", "gradient_norm", "epoch_seconds"}
    assert watched == {f"watch/{name}" for name in names}
    seconds = sum(point.value for point in scalars["watch/epoch_seconds"])
    assert 0 < seconds <= run.train_seconds + 1e-3


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


# Whole commands


def test_own_callback_logger_schedule_and_scalar_loss_train_together(workplace):
    """A user's callback runs, the log beside TensorBoard's and the profile are written."""
    (workplace.folder / "mine.py").write_text(
        "from pytorch_lightning import Callback\n"
        "class Say(Callback):\n"
        "    def on_train_end(self, trainer, module):\n"
        "        print('said by mine', trainer.num_training_batches)\n"
    )
    done = workplace.run(
        "train",
        "task=classification",
        "data_dir=data",
        "trainer.precision=bf16-mixed",  # with a fused optimizer and clipping
        "+trainer.callbacks=[{_target_: mine.Say}]",
        "+trainer.overfit_batches=2",
        "+trainer.profiler=simple",
        "+trainer.logger._target_=pytorch_lightning.loggers.CSVLogger",
        "callbacks=[lr_monitor,ema]",
        "scheduler=plateau",
        "optimizer._target_=torch.optim.RAdam",
        "loss._target_=torch.nn.CrossEntropyLoss",
        "hydra.run.dir=outputs/mine",
    )
    assert done.returncode == 0, done.stderr
    assert "said by mine 2" in done.stdout
    folder = workplace.folder / "outputs" / "mine"
    assert (folder / "fit-profile.txt").read_text()
    [log] = folder.rglob("metrics.csv")
    assert "val/accuracy" in log.read_text()


def test_a_development_run_leaves_a_checkpoint_and_a_record(workplace):
    done = workplace.run(
        "train",
        "task=classification",
        "data_dir=data",
        "+trainer.fast_dev_run=true",
        "scheduler=null",
        "~optimizer.fused",
        "hydra.run.dir=outputs/dev",
    )
    assert done.returncode == 0, done.stderr
    run = record.read(workplace.folder / "outputs" / "dev")
    assert (run.status, run.epochs, run.max_epochs) == ("completed", 1, 1)


# What decides a run


def weights(folder, name="best"):
    path = folder / "checkpoints" / f"{name}.ckpt"
    return torch.load(path, weights_only=True)["state_dict"]


def test_the_seed_of_the_config_decides_the_training_and_zero_is_one(tmp_path):
    folders = {}
    for name, seed in (("zero", 0), ("again", 0), ("one", 1)):
        folders[name] = tmp_path / name
        made = in_memory.run(folders[name], f"seed={seed}", "trainer.max_epochs=1")
        assert made.status == "completed", made.error
    zero, again, one = (weights(folder) for folder in folders.values())
    assert all(torch.equal(zero[key], again[key]) for key in zero)
    learned = [key for key in zero if key.startswith("net.")]
    assert not any(torch.equal(zero[key], one[key]) for key in learned)


@pytest.mark.parametrize(("direction", "best", "epochs"), [("min", 4, 5), ("max", 0, 3)])
def test_the_direction_decides_what_is_kept_and_when_training_stops(
    tmp_path, direction, best, epochs
):
    """The cross-entropy falls in every epoch: for `max` the first is best, and two later ones are worse."""
    made = in_memory.run(
        tmp_path, f"task.metric.direction={direction}", "patience=2", "trainer.max_epochs=5"
    )
    assert made.status == "completed", made.error
    assert (made.epochs, made.metric.epoch) == (epochs, best)
    assert made.checkpoint.path == "checkpoints/best.ckpt"
    kept = torch.load(tmp_path / made.checkpoint.path, weights_only=True)
    last = torch.load(tmp_path / "checkpoints" / "last.ckpt", weights_only=True)
    assert (kept["epoch"], last["epoch"]) == (best, epochs - 1)
    assert made.checkpoint.sha256 == file_digest(tmp_path / made.checkpoint.path)


def test_the_recorded_value_is_that_of_the_kept_weights_on_validation_data(tmp_path):
    made = in_memory.run(tmp_path, "task.metric.direction=max")  # best after the first epoch
    _, data, module = read_run(tmp_path, made)
    _, output, targets = predictions(module, data, "val")
    assert float(nn.functional.cross_entropy(output, targets)) == pytest.approx(made.metric.value)
    assert made.metrics["accuracy"] == pytest.approx(
        float((output.argmax(dim=1) == targets).double().mean())
    )


def test_a_training_reads_no_test_data_and_records_what_it_was_evaluated_on(tmp_path, monkeypatch):
    loaded = []
    whole = in_memory.Pairs.load
    monkeypatch.setattr(
        in_memory.Pairs, "load", lambda data, split: loaded.append(split) or whole(data, split)
    )
    made = in_memory.run(tmp_path, "trainer.max_epochs=1")
    assert set(loaded) == {"train", "val"}
    assert made.data_fingerprint == in_memory.data().fingerprint
    assert made.built_for == {"input_shape": (2,), "output_shape": (2,)}
    assert made.parameters == (2 + 1) * 4 + (4 + 1) * 2
    assert not any(name.startswith(("test", "train")) for name in made.metrics)


def test_a_patience_of_zero_is_one(tmp_path):
    """The first epoch that is not better ends the training."""
    made = in_memory.run(
        tmp_path, "task.metric.direction=max", "patience=0", "trainer.max_epochs=5"
    )
    assert (made.status, made.epochs) == ("completed", 2)


class Never(MeanMetric):
    """A metric that is no number, whatever the outputs."""

    def update(self, output, target):
        super().update(float("nan"))


@pytest.mark.filterwarnings("ignore:Encountered `nan` values")
def test_a_run_whose_metric_never_was_a_number_has_not_completed(tmp_path):
    made = in_memory.run(
        tmp_path,
        *("task.metric.name=never", f"task.metrics.extra.never._target_={__name__}.Never"),
        "trainer.max_epochs=2",
    )
    assert (made.status, made.epochs, made.metric.value) == ("diverged", 2, None)
    assert made.error.startswith("val/never was not finite after any epoch")
