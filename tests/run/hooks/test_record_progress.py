"""What run.json says after each epoch."""

from types import SimpleNamespace

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.run.hooks import record_progress
from bakeoff.run.hooks.record_progress import RecordProgress, better, finite
from bakeoff.store import record
from bakeoff.store.record import Metric, RunRecord

CLOCK = SimpleNamespace(seconds=3.0, samples_per_second=32.0)


@pytest.fixture(autouse=True)
def clock(monkeypatch) -> SimpleNamespace:
    """A clock of an hour per look, whose `step` may be set: each epoch is written."""
    clock = SimpleNamespace(now=0.0, step=3600.0)

    def monotonic() -> float:
        clock.now += clock.step
        return clock.now

    monkeypatch.setattr(record_progress, "time", SimpleNamespace(monotonic=monotonic))
    return clock


def progress(folder, direction="max") -> RecordProgress:
    metric = Metric("accuracy", direction)
    run = RunRecord("x", "running", "test", "classification", "mlp", [], 0, metric)
    return RecordProgress(run, folder, CLOCK)


def after(callback: RecordProgress, *values: float, sanity_checking: bool = False) -> RunRecord:
    """The record on disk after epochs with these values of the metric."""
    for epoch, value in enumerate(values):
        after_epoch(callback, epoch, value, sanity_checking)
    return record.read(callback.run_dir)


def after_epoch(
    callback: RecordProgress, epoch: int, value: float = 0.5, sanity_checking: bool = False
) -> None:
    """End the validation of an epoch with this value of the metric."""
    trainer = SimpleNamespace(
        sanity_checking=sanity_checking,
        current_epoch=epoch,
        callback_metrics={"val/accuracy": value, "val/loss": float(epoch), "train/loss": 9.0},
    )
    callback.on_validation_end(trainer, None)


@pytest.mark.parametrize(
    ("direction", "values", "epoch"),
    [
        ("max", [0.5, 0.7, 0.7, 0.6], 1),  # of equals, the first
        ("min", [0.5, 0.7, 0.2, 0.6], 2),
        ("max", [0.0, -1.0], 0),
        ("min", [0.0, 1.0], 0),
        ("max", [float("nan"), 0.1], 1),
        ("min", [0.1, float("nan"), float("-inf")], 0),
    ],
)
def test_the_best_epoch_is_kept_with_its_metrics(tmp_path, direction, values, epoch):
    run = after(progress(tmp_path, direction), *values)
    assert run.metric == Metric("accuracy", direction, values[epoch], epoch)
    assert run.metrics == {"accuracy": values[epoch], "loss": float(epoch)}
    assert run.epochs == len(values)
    assert (run.train_seconds, run.samples_per_second) == (3.0, 32.0)


def test_the_time_to_the_best_epoch_is_kept(tmp_path):
    callback = progress(tmp_path)
    callback.clock = SimpleNamespace(seconds=0.0, samples_per_second=1.0)
    for seconds, value in ((2.0, 0.5), (4.0, 0.7), (6.0, 0.6)):
        callback.clock.seconds = seconds
        run = after(callback, value)
    assert (run.seconds_to_best, run.train_seconds) == (4.0, 6.0)


def test_a_metric_that_is_never_finite_has_no_value(tmp_path):
    run = after(progress(tmp_path), float("nan"), float("inf"))
    assert (run.metric.value, run.metric.epoch, run.metrics) == (None, None, {})
    assert run.epochs == 2


def test_the_sanity_check_is_no_epoch(tmp_path):
    with pytest.raises(BakeoffError, match="no run record"):
        after(progress(tmp_path), 0.5, sanity_checking=True)


def test_a_metric_that_the_task_does_not_measure_is_named(tmp_path):
    callback = progress(tmp_path)
    callback.record.metric.name = "acuracy"
    with pytest.raises(
        BakeoffError, match=r"'acuracy', but the task measures \['accuracy', 'loss'\]"
    ):
        after(callback, 0.5)


def test_better_follows_the_direction():
    assert better(2, Metric("a", "max", 1)) and not better(2, Metric("a", "min", 1))
    assert better(0, Metric("a", "min", 1)) and not better(1, Metric("a", "max", 1))


def test_only_finite_numbers_are_numbers():
    assert finite(0) == 0.0
    assert finite(float("nan")) is finite(float("-inf")) is None


def test_of_short_epochs_the_first_is_written_and_then_one_in_two_seconds(tmp_path, clock):
    callback, clock.step = progress(tmp_path), 0.0
    seen = []
    for epoch in range(5):
        clock.now = 0.8 * epoch
        after_epoch(callback, epoch)
        seen.append(record.read(tmp_path).epochs)
    assert seen == [1, 1, 1, 4, 4]
    assert callback.record.epochs == 5
