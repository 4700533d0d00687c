"""Runs that train together end as they end alone: weights, metrics, records, checkpoints."""

import math

import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tests.fused.runs import alone, checkpoint, difference, together

from bakeoff.fused.epoch import StackedTraining
from bakeoff.run.hooks.interruption import Interruption

DIGITS = ["task=classification", "data=classification/digits", "trainer.max_epochs=2"]
MLP = [*DIGITS, "model=mlp/standard", "model.hidden=[16,12]"]
OBJECTS = [
    *("task=localization", "data=localization/digits", "model=lenet5/shallow"),
    *("+trainer.limit_train_batches=5", "+trainer.limit_val_batches=2", "trainer.max_epochs=1"),
]
WORDS = ["task=conjugation", "data=conjugation/python_docs", "trainer.max_epochs=1"]
FEW = ["+trainer.limit_train_batches=10", "+trainer.limit_val_batches=2"]
FAMILIES = {
    "mlp": [*MLP],
    "mlp with dropout and augmentation": [*MLP, "model.dropout=0.3", "augment=jitter"],
    "mlp with batch norm and regularization": [*MLP, "model.batch_norm=true", "regularization=l1"],
    "lenet5": OBJECTS,
    "words": [*WORDS, "model=word_mlp/shallow"],
    "lstm with dropout": [*WORDS, "model=word_lstm/shallow", "model.dropout=0.3", *FEW],
    "two lstms": [*WORDS, *FEW, "model=word_lstm/two", "model.hidden=16"],
}
OPTIMIZERS = {
    "sgd": ["optimizer=sgd", "optimizer.lr=0.05", "optimizer.nesterov=false"],
    "nesterov": ["optimizer=sgd", "optimizer.lr=0.05"],
    **{name: [f"optimizer={name}"] for name in ("adam", "adamw", "radam", "nadam", "rmsprop")},
    "adagrad": ["optimizer._target_=torch.optim.Adagrad", "~optimizer.fused"],
}
PAIRS = [(0, 1e-3), (1, 3e-3), (0, 3e-3)]


@pytest.mark.parametrize("family", FAMILIES)
def test_weights_and_metrics_are_those_of_runs_alone(tmp_path, family):
    line = [*FAMILIES[family], "trainer.precision=64-true"]
    lines = [[*line, f"seed={seed}", f"optimizer.lr={lr}"] for seed, lr in PAIRS]
    first, second = alone(tmp_path / "alone", lines), together(tmp_path / "together", lines)
    for one, other in zip(first, second, strict=True):
        assert other.record.status == "completed", other.record.error
        assert other.record.metric.epoch == one.record.metric.epoch
        assert other.record.metrics == pytest.approx(one.record.metrics, abs=1e-6)
        assert difference(one, other) < 1e-10


def test_in_single_precision_they_differ_by_rounding(tmp_path):
    lines = [[*MLP, f"seed={seed}"] for seed in (0, 1)]
    first, second = alone(tmp_path / "alone", lines), together(tmp_path / "together", lines)
    for one, other in zip(first, second, strict=True):
        assert other.record.metrics == pytest.approx(one.record.metrics, abs=1e-3)
        assert difference(one, other) < 1e-5


def test_with_bfloat16_they_differ_by_less_than_from_single_precision(tmp_path):
    line = FAMILIES["mlp with dropout and augmentation"]
    lines = [[*line, f"seed={seed}", "trainer.precision=bf16-mixed"] for seed in (0, 1)]
    first, second = alone(tmp_path / "alone", lines), together(tmp_path / "together", lines)
    [single] = alone(tmp_path / "single", [[*line, "seed=0"]])
    assert difference(single, first[0]) > 1e-4
    for one, other in zip(first, second, strict=True):
        assert other.record.metrics == pytest.approx(one.record.metrics, abs=1e-3)
        assert difference(one, other) < 1e-5


def test_in_double_precision_every_optimizer_gives_the_same_weights(tmp_path):
    line = [*MLP, "trainer.precision=64-true", "trainer.max_epochs=1"]
    lines = [[*line, *own] for own in OPTIMIZERS.values()]
    first, second = alone(tmp_path / "alone", lines), together(tmp_path / "together", lines)
    for name, one, other in zip(OPTIMIZERS, first, second, strict=True):
        assert difference(one, other) < 1e-10, name


def test_members_differ_in_whatever_is_their_own(tmp_path):
    lines = [
        [*MLP, "seed=0", "optimizer.weight_decay=0.1", "trainer.gradient_clip_val=0.1"],
        [*MLP, "seed=1", "scheduler=step", "trainer.gradient_clip_val=null"],
        [*MLP, "seed=2", "optimizer=sgd", "optimizer.lr=0.1", "trainer.max_epochs=4"],
        [*MLP, "seed=0", "loss.label_smoothing=0.2", "scheduler=constant", "patience=1"],
    ]
    first, second = alone(tmp_path / "alone", lines), together(tmp_path / "together", lines)
    for one, other in zip(first, second, strict=True):
        assert other.record.epochs == one.record.epochs
        assert other.record.metrics == pytest.approx(one.record.metrics, abs=1e-4)
        assert difference(one, other) < 1e-4


def test_denormal_numbers_count_as_zero_in_steps_as_alone(tmp_path, monkeypatch):
    usual, worth = StackedTraining._step, []

    def step(self, *arguments):
        worth.append(float(torch.tensor([1e-41]) * 1))
        return usual(self, *arguments)

    monkeypatch.setattr(StackedTraining, "_step", step)
    together(tmp_path, [[*MLP, "trainer.max_epochs=1"]])
    assert worth
    assert not any(worth)


def test_one_run_is_a_group_too(tmp_path):
    (one,), (other,) = alone(tmp_path / "a", [MLP]), together(tmp_path / "t", [MLP])
    assert difference(one, other) < 1e-5
    assert other.record.samples_per_second > 0


def test_a_member_that_diverges_does_not_touch_the_others(tmp_path):
    good = [[*MLP, f"seed={seed}"] for seed in (0, 1)]
    wild = [*MLP, "seed=2", "optimizer=sgd", "optimizer.lr=1e30", "trainer.gradient_clip_val=null"]
    without = together(tmp_path / "without", good)
    *among, lost = together(tmp_path / "with", [*good, wild])
    for one, other in zip(without, among, strict=True):
        assert all(map(torch.equal, one.net.parameters(), other.net.parameters()))
        assert one.record.metrics == other.record.metrics
    (by_itself,) = alone(tmp_path / "alone", [wild])
    assert lost.record.status == by_itself.record.status == "diverged"
    assert lost.record.error == by_itself.record.error


def test_a_run_that_cannot_begin_leaves_the_others_alone(tmp_path):
    lines = [[*MLP, "seed=0"], [*MLP, "seed=1", "model.activation=nonsense"], [*MLP, "seed=2"]]
    done, refused, other = together(tmp_path, lines)
    assert (done.record.status, other.record.status) == ("completed", "completed")
    assert refused.record.status == "failed"
    assert "activation" in refused.record.error


def test_runs_that_are_asked_to_end_do_so_after_the_epoch_with_a_checkpoint(tmp_path, monkeypatch):
    asked, trained = Interruption(grace_s=20), []
    usual = StackedTraining.epoch

    def epoch(self):
        usual(self)
        trained.append(len(self.members))
        if len(trained) == 2:
            asked.ask("a test")

    monkeypatch.setattr(StackedTraining, "epoch", epoch)
    line = [*MLP, "trainer.max_epochs=9"]
    ended = together(tmp_path, [[*line, "optimizer.lr=0"], [*line, "seed=1"]], asked)
    assert trained == [2, 2] and asked.deferred
    for run in ended:
        said = (run.record.status, run.record.error, run.record.epochs)
        assert said == ("interrupted", "stopped by a test before it was done", 2)
        assert checkpoint(run, "last.ckpt")["epoch"] == 1
    assert checkpoint(ended[0], "best.ckpt")["epoch"] == 0  # not what it goes on from


def test_checkpoints_hold_what_those_of_a_run_alone_hold(tmp_path):
    lines = [[*MLP, f"seed={seed}"] for seed in (0, 1)]
    first, second = alone(tmp_path / "alone", lines), together(tmp_path / "together", lines)
    for name in ("best.ckpt", "last.ckpt"):
        one, other = checkpoint(first[1], name), checkpoint(second[1], name)
        assert one["loops"] == other["loops"]
        assert one["lr_schedulers"] == other["lr_schedulers"]
        assert (one["epoch"], one["global_step"]) == (other["epoch"], other["global_step"])
        states = zip(
            one["optimizer_states"][0]["state"].values(),
            other["optimizer_states"][0]["state"].values(),
            strict=True,
        )
        for own, same in states:
            assert own.keys() == same.keys()
            assert all(
                math.isclose(float(own[k].sum()), float(same[k].sum()), abs_tol=1e-4) for k in own
            )
        sizes = [(t.folder / "checkpoints" / name).stat().st_size for t in (first[1], second[1])]
        assert sizes[1] == pytest.approx(sizes[0], rel=0.05)  # one member's weights, not the stack


def scalars(trained):
    """The scalars in TensorBoard's events: steps and values by tag, without those that are times."""
    [folder] = {path.parent for path in trained.folder.rglob("events.out.tfevents.*")}
    events = EventAccumulator(str(folder), {"scalars": 0}).Reload()
    tags = [tag for tag in events.Tags()["scalars"] if "seconds" not in tag]
    return {tag: [(event.step, event.value) for event in events.Scalars(tag)] for tag in tags}


def test_curves_are_those_of_runs_alone_also_within_an_epoch(tmp_path):
    line = [*MLP, "data.batch_size=8", "trainer.max_epochs=2"]
    lines = [[*line, f"seed={seed}"] for seed in (0, 1)]
    first, second = alone(tmp_path / "alone", lines), together(tmp_path / "together", lines)
    one, other = scalars(first[1]), scalars(second[1])
    assert one.keys() == other.keys()
    assert len(other["train/loss_step"]) > len(other["train/loss"]) == 2
    for tag, points in one.items():
        steps, values = zip(*points, strict=True)
        assert steps == tuple(step for step, _ in other[tag])
        assert values == pytest.approx([value for _, value in other[tag]], rel=1e-2, abs=1e-4)
