"""A sweep of many small nets: runs trained as one, and a process for each, against one after another.

python benchmarks/fused.py [--data digits | mnist] [--epochs 30] [--runs 32]

One after another is what common templates do: Hydra's basic launcher, Lightning's defaults (TensorBoard,
checkpoints, progress bar) and the default DataLoader over a tensor dataset, in one process that has
imported everything. The net, the data, the size of batches, the optimizer, the schedule and the clipping
are the same. MNIST needs BAKEOFF_MIRROR or the internet.
"""

import argparse
import contextlib
import io
import os
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import pytorch_lightning as pl
import torch
from hydra import compose, initialize_config_dir
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset
from torchmetrics.classification import MulticlassAccuracy

from bakeoff.run import run_id
from bakeoff.run.build import build_net, set_up_data
from bakeoff.store import paths

BATCH = {"digits": 32, "mnist": 128}
RATES = ("1e-3", "2e-3", "4e-3", "8e-3")
DECAYS = ("0", "1e-2")


def settings(data: str, epochs: int) -> list[str]:
    """What all runs share."""
    return [
        "task=classification",
        f"data=classification/{data}",
        "model=mlp/standard",
        "model.hidden=[64,128,64]",
        "model.batch_norm=true",
        f"data.batch_size={BATCH[data]}",
        f"trainer.max_epochs={epochs}",
        f"data_dir={Path('outputs/data').resolve()}",
    ]


class Plain(pl.LightningModule):
    """The same training as a template has it."""

    def __init__(self, net: torch.nn.Module, lr: float, decay: float) -> None:
        super().__init__()
        self.net, self.lr, self.decay = net, lr, decay
        self.accuracy = MulticlassAccuracy(10)

    def training_step(self, batch: tuple[torch.Tensor, torch.Tensor], index: int) -> torch.Tensor:
        loss = F.cross_entropy(self.net(batch[0]), batch[1])
        self.log("train/loss", loss)
        return loss

    def validation_step(self, batch: tuple[torch.Tensor, torch.Tensor], index: int) -> None:
        output = self.net(batch[0])
        self.log("val/loss", F.cross_entropy(output, batch[1]))
        self.accuracy(output, batch[1])
        self.log("val/accuracy", self.accuracy)

    def configure_optimizers(self) -> dict:
        optimizer = torch.optim.AdamW(self.parameters(), lr=self.lr, weight_decay=self.decay)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, self.lr, int(self.trainer.estimated_stepping_batches), pct_start=0.15
        )
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def one_after_another(data: str, epochs: int, seeds: int, count: int) -> float:
    """Seconds of the first `count` runs in a process that has imported everything."""
    run_id.register()
    with initialize_config_dir(str(paths.conf_dir().resolve()), version_base="1.3"):
        config = compose("config", overrides=settings(data, epochs))
    source = set_up_data(config)
    mean, std = source.statistics()
    sets = [
        TensorDataset((x.float() - mean) / std, y)
        for x, y in (source.splits[split].tensors for split in ("train", "val"))
    ]
    grid = [(lr, decay, seed) for lr in RATES for decay in DECAYS for seed in range(seeds)]
    began = time.perf_counter()
    for lr, decay, seed in grid[:count]:
        pl.seed_everything(seed, verbose=False)
        module = Plain(build_net(config, source), float(lr), float(decay))
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            trainer = pl.Trainer(
                max_epochs=epochs, accelerator="cpu", gradient_clip_val=1.0, default_root_dir=folder
            )
            trainer.fit(
                module,
                DataLoader(sets[0], BATCH[data], shuffle=True),
                DataLoader(sets[1], BATCH[data]),
            )
    return time.perf_counter() - began


def sweep(data: str, epochs: int, seeds: int, launcher: str) -> float:
    """Seconds of the command `bakeoff train -m` with a launcher, start and leaderboard included."""
    grid = [f"optimizer.lr={','.join(RATES)}", f"optimizer.weight_decay={','.join(DECAYS)}"]
    lines = [*settings(data, epochs), *grid, f"seed=range({seeds})", f"hydra/launcher={launcher}"]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bakeoff", "train", "-m", *lines]
        began = time.perf_counter()
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=os.environ)
        taken = time.perf_counter() - began
    if done.returncode:
        sys.exit(done.stderr)
    return taken


def main(data: str, epochs: int, runs: int, measured: int) -> None:
    """Print the seconds of each way and their ratios."""
    seeds = max(1, runs // (len(RATES) * len(DECAYS)))
    runs = seeds * len(RATES) * len(DECAYS)
    print(
        f"{runs} MLPs 64-128-64 with batch norm on {data}, {epochs} epochs, batches of {BATCH[data]}"
    )
    few = min(measured, runs)
    alone = one_after_another(data, epochs, seeds, few) / few * runs
    said = "" if few == runs else f" (from {few} runs)"
    print(f"one after another  {alone:8.1f} s{said}")
    for launcher in ("processes", "fused"):
        taken = sweep(data, epochs, seeds, launcher)
        print(f"{launcher:<17}  {taken:8.1f} s   {alone / taken:5.1f} times", flush=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", choices=tuple(BATCH), default="digits")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--runs", type=int, default=32)
    parser.add_argument(
        "--measured", type=int, default=32, help="runs that are measured one after another"
    )
    given = parser.parse_args()
    main(given.data, given.epochs, given.runs, given.measured)
