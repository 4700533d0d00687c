"""The training loss while an epoch lasts."""

from types import SimpleNamespace

import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tests.run.in_memory import run

from bakeoff.run.hooks.live_loss import LiveLoss
from bakeoff.run.parts.event_log import STEP_LOSS, EventLog


def read(folder) -> list[tuple[int, float]]:
    accumulator = EventAccumulator(str(folder), {"scalars": 0}).Reload()
    if STEP_LOSS not in accumulator.Tags()["scalars"]:
        return []
    return [(event.step, round(event.value, 4)) for event in accumulator.Scalars(STEP_LOSS)]


def train(tmp_path, batches: int, every: int, parts: int = 1) -> EventLog:
    """The loss of batch b is b, divided by `parts`, as Lightning gives it; a step takes `parts` batches."""
    log = EventLog(tmp_path, "mlp seed=0")
    live = LiveLoss(log)
    trainer = SimpleNamespace(
        log_every_n_steps=every, num_training_batches=batches, accumulate_grad_batches=parts
    )
    for batch in range(batches):
        trainer.global_step = (batch + 1) // parts
        live.on_train_batch_end(trainer, None, {"loss": torch.tensor(batch / parts)}, None, batch)
    return log


def test_values_can_be_read_while_the_epoch_lasts(tmp_path):
    log = train(tmp_path, batches=8, every=3)  # nothing closes the file
    assert read(log.log_dir) == [(2, 2.0), (5, 5.0)]


def test_accumulated_batches_count_as_one_step(tmp_path):
    log = train(tmp_path, batches=12, every=3, parts=2)
    assert read(log.log_dir) == [(2, 5.0), (5, 11.0)]


@pytest.mark.parametrize(("batches", "every"), [(5, 3), (8, 0)])
def test_a_short_epoch_has_none_nor_has_a_trainer_that_logs_no_steps(tmp_path, batches, every):
    train(tmp_path, batches, every)
    assert not list(tmp_path.iterdir())


def test_a_step_without_a_loss_has_none(tmp_path):
    live = LiveLoss(EventLog(tmp_path, "mlp seed=0"))
    trainer = SimpleNamespace(
        log_every_n_steps=1, num_training_batches=9, accumulate_grad_batches=1, global_step=1
    )
    for outputs in (None, {"extra": 1}):
        live.on_train_batch_end(trainer, None, outputs, None, 0)
    assert not list(tmp_path.iterdir())


def test_a_training_writes_them_beside_the_mean_of_each_epoch(tmp_path):
    record = run(tmp_path / "r", "trainer.log_every_n_steps=2", "trainer.max_epochs=2")
    assert record.status == "completed", record.error
    [folder] = {path.parent for path in tmp_path.rglob("events.*")}
    assert [step for step, _ in read(folder)] == [1, 3, 5, 7]  # of 4 steps an epoch
