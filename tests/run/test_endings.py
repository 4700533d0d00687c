"""How a whole run ends: what its record says of errors, exits and signals, and what counts as its time."""

import os
import re
import signal
import sys
from types import SimpleNamespace

import pytest
import torch
from hydra import compose, initialize_config_dir
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from bakeoff.nets.mlp import MLP
from bakeoff.run.fit import fit as fit_run
from bakeoff.run.hooks import training_clock
from bakeoff.run.probe import Probe
from bakeoff.store import paths, record
from bakeoff.tasks.classification.showcase import ClassificationShowcase


def run(folder, monkeypatch, forward=None, *overrides):
    """The record of a training of a small MLP on digits, its `forward` replaced where one is given."""
    with initialize_config_dir(str(paths.conf_dir().resolve()), version_base="1.3"):
        config = compose(
            "config",
            ["task=classification", "model.hidden=[8]", "trainer.max_epochs=2", *overrides],
        )
    if forward is not None:
        monkeypatch.setattr(MLP, "forward", lambda net, x: forward(net, x))
    metric = record.Metric("accuracy", "max")
    made = record.RunRecord("x", "running", "test", "classification", "mlp", [], 0, metric)
    fit_run(config, made, folder, show_progress=False)
    return made


def in_training(end):
    """A forward pass that calls `end` in the first training batch, not where the net is tried."""
    whole = MLP.forward

    def forward(net, x):
        if torch.is_grad_enabled():
            end()
        return whole(net, x)

    return forward


def raising(error):
    def end():
        raise error

    return end


@pytest.mark.parametrize(
    ("end", "text"),
    [
        (lambda: sys.exit(0), "the run's own code raised SystemExit: 0; no signal had come"),
        (raising(KeyboardInterrupt), "raised KeyboardInterrupt; no signal had come"),
        (raising(StopIteration), "training of epoch 0 ended after 0 of .* raised StopIteration"),
        (raising(MemoryError), r"out of memory \(MemoryError\): make data.batch_size"),
        (raising(ZeroDivisionError("by zero")), "^ZeroDivisionError: by zero$"),
    ],
)
def test_what_a_net_raises_is_no_signal_and_no_full_disk(tmp_path, monkeypatch, end, text):
    made = run(tmp_path, monkeypatch, in_training(end))
    assert made.status == "failed"
    assert re.search(text, made.error, re.DOTALL), made.error
    assert "disk" not in made.error


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_interrupts_wherever_it_comes(tmp_path, monkeypatch, number):
    before = signal.getsignal(number)
    made = run(tmp_path, monkeypatch, in_training(lambda: os.kill(os.getpid(), number)))
    assert (made.status, made.error) == (
        "interrupted", f"stopped by {number.name} before it was done",
    )  # fmt: skip
    assert signal.getsignal(number) is before


def test_a_signal_while_the_log_is_being_closed_interrupts(tmp_path, monkeypatch):
    close = EventFileWriter.close

    def struck(writer):
        close(writer)
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(EventFileWriter, "close", struck)
    made = run(tmp_path, monkeypatch)
    assert (made.status, made.error) == ("interrupted", "stopped by SIGTERM before it was done")


def test_a_long_message_is_bounded_in_the_record_and_in_the_log(tmp_path, monkeypatch, caplog):
    made = run(tmp_path, monkeypatch, in_training(raising(ValueError("x" * 5_000_000))))
    assert made.error.startswith("ValueError: xxx") and len(made.error) < 11_000
    assert "in training_step" in caplog.text and len(caplog.text) < 200_000
    assert "in training_step" in made.traceback and len(made.traceback) < 21_000


def test_pictures_and_probes_are_not_charged_to_the_net(tmp_path, monkeypatch):
    now, shown = [0.0], []
    monkeypatch.setattr(training_clock, "time", SimpleNamespace(monotonic=lambda: now[0]))

    def show(*_):
        shown.append(True)
        now[0] += 1e6

    monkeypatch.setattr(ClassificationShowcase, "on_validation_epoch_end", show)
    monkeypatch.setattr(Probe, "on_validation_epoch_end", show)

    def forward(net, x):
        now[0] += 1.0
        return whole(net, x)

    whole = MLP.forward
    made = run(tmp_path, monkeypatch, forward)
    assert made.status == "completed", made.error
    assert len(shown) == 4
    # 1,252 digits for training and 275 for validation, in batches of 32. A second for each batch of the
    # two epochs; what the net does before and after them does not count.
    batches = 2 * (40 + 9)
    assert made.train_seconds == batches
    assert made.samples_per_second == 2 * 1252 / batches
