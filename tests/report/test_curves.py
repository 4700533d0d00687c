"""Curves come back from event files whole, over epochs, and without what a resume replaced."""

import math
from pathlib import Path

import pytest
from torch.utils.tensorboard import SummaryWriter

from bakeoff.report.curves import Curve, by_epoch, continued, mean_curve, read_curves
from bakeoff.store import curves_file


def write_events(folder: Path, scalars: dict[str, list[tuple[int, float]]]) -> Path:
    """Write one event file and return its path."""
    before = set(folder.glob("events.*"))
    with SummaryWriter(str(folder)) as writer:
        for tag, points in scalars.items():
            for step, value in points:
                writer.add_scalar(tag, value, step)
    (path,) = set(folder.glob("events.*")) - before
    return path


def test_x_is_the_epoch_where_it_was_logged_and_the_step_otherwise(tmp_path):
    loss = [(9, 2.0), (19, 1.0), (29, 0.5)]
    write_events(tmp_path / "plain", {"val/loss": loss})
    write_events(tmp_path / "epochs", {"val/loss": loss, "epoch": [(9, 0), (19, 1), (29, 2)]})
    assert read_curves(tmp_path / "plain") == {"val/loss": ([9, 19, 29], [2.0, 1.0, 0.5])}
    assert read_curves(tmp_path / "epochs")["val/loss"] == ([0, 1, 2], [2.0, 1.0, 0.5])


def test_values_of_one_epoch_are_averaged():
    epochs = [(4, 0), (9, 0), (14, 1)]
    points = [(4, 3.0), (9, 1.0), (12, 8.0), (14, 5.0)]  # step 12 is still in epoch 0
    assert by_epoch(points, epochs) == ([0, 1], [4.0, 5.0])
    assert by_epoch([(0, 7.0)], epochs) == ([0], [7.0])


def test_every_scalar_is_kept(tmp_path):
    # TensorBoard's reader keeps 10,000 by default, chosen at random.
    write_events(tmp_path, {"train/loss": [(step, 1.0) for step in range(10_500)]})
    assert read_curves(tmp_path)["train/loss"].x == list(range(10_500))


def test_values_that_are_not_finite_are_left_out(tmp_path):
    write_events(
        tmp_path, {"loss": [(0, 1.0), (1, math.nan), (2, math.inf)], "bad": [(0, math.nan)]}
    )
    assert read_curves(tmp_path) == {"loss": ([0], [1.0])}


def test_a_resumed_run_overrules_what_it_repeats(tmp_path, monkeypatch):
    write_events(tmp_path, {"loss": [(0, 5.0), (1, 4.0), (2, 3.0)]})
    # File names start with the second of their creation.
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    write_events(tmp_path, {"loss": [(1, 4.5), (2, 3.5), (3, 2.5)]})
    assert read_curves(tmp_path)["loss"] == ([0, 1, 2, 3], [5.0, 4.5, 3.5, 2.5])


def test_a_resumed_run_that_stopped_earlier_leaves_no_old_end():
    assert continued([(0, 1.0), (1, 2.0), (2, 3.0)], [(1, 9.0)]) == [(0, 1.0), (1, 9.0)]


def test_missing_and_damaged_files_give_nothing(tmp_path):
    assert read_curves(tmp_path / "nowhere") == {}
    path = write_events(tmp_path, {"loss": [(0, 1.0)]})
    for content in (b"", b"this is no event file at all", path.read_bytes()[:40]):
        path.write_bytes(content)
        assert read_curves(tmp_path) == {}


def test_a_file_cut_short_gives_what_comes_before_the_cut(tmp_path):
    path = write_events(tmp_path, {"loss": [(step, float(step)) for step in range(5)]})
    path.write_bytes(path.read_bytes()[:-3])
    assert read_curves(tmp_path) == {"loss": ([0, 1, 2, 3], [0.0, 1.0, 2.0, 3.0])}


@pytest.mark.filterwarnings("ignore")  # Lightning's advice on workers and devices
def test_reads_what_lightning_logs(tmp_path):
    import pytorch_lightning as pl
    import torch
    from pytorch_lightning.loggers import TensorBoardLogger

    class Constant(pl.LightningModule):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(1))

        def training_step(self, batch, index):
            self.log("train/loss", float(self.current_epoch), on_step=False, on_epoch=True)
            return (self.weight - 1).square().sum()

        def validation_step(self, batch, index):
            self.log("val/loss", 10.0 + self.current_epoch)

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), lr=0.1)

    data = torch.utils.data.DataLoader(torch.zeros(4, 1))
    quiet = {"enable_progress_bar": False, "enable_model_summary": False}
    trainer = pl.Trainer(
        max_epochs=3,
        accelerator="cpu",
        logger=TensorBoardLogger(tmp_path, name="", version=""),
        enable_checkpointing=False,
        log_every_n_steps=1,
        **quiet,
    )
    trainer.fit(Constant(), data, data)
    curves = read_curves(tmp_path)
    assert curves["train/loss"] == ([0, 1, 2], [0.0, 1.0, 2.0])
    assert curves["val/loss"] == ([0, 1, 2], [10.0, 11.0, 12.0])


def test_the_mean_goes_as_far_as_every_curve():
    longer, shorter = Curve([0, 1, 2], [1.0, 2.0, 3.0]), Curve([0, 1], [3.0, 6.0])
    assert mean_curve([longer, shorter]) == ([0, 1], [2.0, 4.0])
    assert mean_curve([longer]) == longer
    assert mean_curve([longer, Curve([7], [1.0])]) == ([], [])
    assert mean_curve([]) == ([], [])


def test_the_file_beside_the_record_is_read_instead_of_events(tmp_path):
    curves_file.write(
        tmp_path, {"val/loss": [(9, 2.0), (19, 1.0)], "watch/epoch": [(9, 0.0), (19, 1.0)]}
    )
    assert read_curves(tmp_path)["val/loss"] == ([0, 1], [2.0, 1.0])
