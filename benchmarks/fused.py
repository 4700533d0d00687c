"""Sweeps of small nets: runs trained as one, and a process for each, against one after another.

python benchmarks/fused.py [SWEEP ...] [--launchers fused] [--epochs N] [--runs N] [--measured N]

SWEEP is digits, mnist, lenet5, conjugation or embedding; without names, all of them. One after another is
what common templates do: Hydra's basic launcher, Lightning's defaults (TensorBoard, checkpoints, progress
bar) and the default DataLoader over a tensor dataset, in one process that has imported everything. The net,
the loss, the metrics, the data, the size of batches, the optimizer, the schedule and the clipping are the
same. Seconds are those of a clock and, behind them, of the processor in all processes: on a machine that
does other work too, only these can be compared. Of one after another, `--measured` runs spread over the
sweep are timed. The sweeps are whole commands, with start, checks, leaderboard and report, but without
baselines. MNIST needs BAKEOFF_MIRROR or the internet.
"""

import argparse
import contextlib
import ctypes
import io
import itertools
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from hydra import compose, initialize_config_dir
from torch.utils.data import DataLoader, TensorDataset

from bakeoff.identity import run_id
from bakeoff.run.parts.build import build_module, set_up_data
from bakeoff.run.parts.measures import loss_parts
from bakeoff.store import paths

BECOME_SUBREAPER = 36  # of prctl
MLP = [
    "task=classification",
    "model=mlp/standard",
    "model.hidden=[64,128,64]",
    "model.batch_norm=true",
]
RATES = "optimizer.lr=1e-3,2e-3,4e-3,8e-3"


@dataclass(frozen=True)
class Sweep:
    """What all runs share, what they differ in, and how many seeds and epochs there are."""

    title: str
    shared: Sequence[str]
    grid: Sequence[str]
    seeds: int
    epochs: int

    def settings(self, epochs: int, accelerator: str = "cpu") -> list[str]:
        """What all runs share."""
        place = f"data_dir={Path('outputs/data').resolve()}"
        how = [f"trainer.accelerator={accelerator}", "baselines=none"]
        return [*self.shared, f"trainer.max_epochs={epochs}", *how, place]

    def jobs(self, seeds: int) -> list[list[str]]:
        """The overrides of each run."""
        axes = [
            axis.partition("=") for axis in [*self.grid, f"seed={','.join(map(str, range(seeds)))}"]
        ]
        values = [[f"{key}={value}" for value in given.split(",")] for key, _, given in axes]
        return [list(job) for job in itertools.product(*values)]


def mlps(title: str, data: str, batch_size: int, epochs: int) -> Sweep:
    """32 MLPs that classify images."""
    return Sweep(
        f"MLPs 64-128-64 with batch norm on {title}, batches of {batch_size}",
        [*MLP, f"data=classification/{data}", f"data.batch_size={batch_size}"],
        [RATES, "optimizer.weight_decay=0,1e-2"],
        seeds=4,
        epochs=epochs,
    )


SWEEPS = {
    "digits": mlps("the embedded digits", "digits", batch_size=32, epochs=30),
    "mnist": mlps("MNIST", "mnist", batch_size=128, epochs=1),
    "lenet5": Sweep(
        "LeNet5 that localize digits, batches of 32",
        [
            *("task=localization", "data=localization/digits", "model=lenet5/standard"),
            *("data.sizes.train=4000", "data.sizes.val=1000"),
        ],
        [RATES],
        seeds=3,
        epochs=2,
    ),
    "conjugation": Sweep(
        "conjugation models, MLP and LSTM, batches of 64",
        ["task=conjugation", "data=conjugation/python_docs"],
        ["model=word_mlp/shallow,word_lstm/shallow", "optimizer.lr=2e-3,4e-3"],
        seeds=4,
        epochs=20,
    ),
    "embedding": Sweep(
        "embedding nets, word_mlp, batches of 512",
        ["task=embedding", "data=embedding/python_docs", "model=word_mlp/shallow", "data.batch_size=512"],
        [RATES],
        seeds=2,
        epochs=2,
    ),
}  # fmt: skip


class Plain(pl.LightningModule):
    """The same training as a template has it."""

    def __init__(self, parts: Any, lr: float) -> None:
        super().__init__()
        self.net, self.loss, self.metrics = parts.net, parts.loss, parts.metrics
        self.make, self.schedule, self.lr = parts.optimizer, parts.scheduler, lr

    def training_step(self, batch: tuple[torch.Tensor, torch.Tensor], index: int) -> torch.Tensor:
        loss = loss_parts(self.loss(self.net(batch[0]), batch[1]))["loss"]
        self.log("train/loss", loss)
        return loss

    def validation_step(self, batch: tuple[torch.Tensor, torch.Tensor], index: int) -> None:
        output = self.net(batch[0])
        self.log("val/loss", loss_parts(self.loss(output, batch[1]))["loss"])
        self.metrics.update(output, batch[1])

    def on_validation_epoch_end(self) -> None:
        self.log_dict({f"val/{name}": value for name, value in self.metrics.compute().items()})
        self.metrics.reset()

    def configure_optimizers(self) -> dict:
        optimizer = self.make(self.parameters())
        steps = int(self.trainer.estimated_stepping_batches)
        return {
            "optimizer": optimizer,
            "lr_scheduler": {"scheduler": self.schedule.on(optimizer, steps), "interval": "step"},
        }


def one_after_another(
    sweep: Sweep, epochs: int, jobs: Sequence[Sequence[str]], **trainer: Any
) -> tuple[float, float]:
    """Seconds of the clock and of the processor of these jobs, everything imported; `trainer` holds
    settings of Lightning's trainer.
    """
    run_id.register()
    with initialize_config_dir(str(paths.conf_dir().resolve()), version_base="1.3"):
        configs = [compose("config", overrides=[*sweep.settings(epochs), *job]) for job in jobs]
    source = set_up_data(configs[0])
    mean, std = source.statistics() or (None, None)
    sets = []
    for split in ("train", "val"):
        x, y = source.splits[split][:]
        sets.append(TensorDataset(x if mean is None else (x.float() - mean) / std, y))
    began, used = time.perf_counter(), processor()
    for config in configs:
        pl.seed_everything(config.seed, verbose=False)
        module = Plain(build_module(config, source), config.optimizer.lr)
        size = config.data.batch_size
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            how = {"accelerator": "cpu", "gradient_clip_val": 1.0, "default_root_dir": folder}
            fit = pl.Trainer(max_epochs=epochs, **how | trainer).fit
            fit(module, DataLoader(sets[0], size, shuffle=True), DataLoader(sets[1], size))
    return time.perf_counter() - began, processor() - used


def sweep_by(sweep: Sweep, epochs: int, seeds: int, launcher: str) -> tuple[float, float]:
    """Seconds of the clock and of the processor of the command `bakeoff train -m` with a launcher."""
    lines = [*sweep.settings(epochs), *sweep.grid, f"seed=range({seeds})"]
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "bakeoff",
            "train",
            "-m",
            *lines,
            f"hydra/launcher={launcher}",
        ]
        began, used = time.perf_counter(), processor()
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=os.environ)
        taken = time.perf_counter() - began
        adopt()
        used = processor() - used
    if done.returncode:
        sys.exit(done.stderr)
    return taken, used


def processor() -> float:
    """Seconds of the processor that this process and those that it waited for have used."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def adopt() -> None:
    """Wait for the processes that a command has left behind, so that their time counts too."""
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def compare(sweep: Sweep, launchers: Sequence[str], given: argparse.Namespace) -> None:
    """Print the seconds of each way and their ratios."""
    epochs, grid = given.epochs or sweep.epochs, len(sweep.jobs(1))
    seeds = max(1, (given.runs or grid * sweep.seeds) // grid)
    jobs = sweep.jobs(seeds)
    print(f"{len(jobs)} {sweep.title}, epochs: {epochs}")
    few = jobs[:: max(1, len(jobs) // given.measured)][: given.measured]
    alone = [seconds / len(few) * len(jobs) for seconds in one_after_another(sweep, epochs, few)]
    said = "" if len(few) == len(jobs) else f"  (from {len(few)} runs)"
    print(line("one after another", alone, alone) + said, flush=True)
    for launcher in launchers:
        print(line(launcher, sweep_by(sweep, epochs, seeds, launcher), alone), flush=True)


def line(name: str, seconds: Sequence[float], before: Sequence[float]) -> str:
    """Seconds of the clock and of the processor, each with what it was before as a multiple."""
    parts = [f"{now:7.1f} s {old / now:5.1f} x" for now, old in zip(seconds, before, strict=True)]
    return f"{name:<17}  {'  '.join(parts)}"


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser()
    parser.add_argument("sweeps", nargs="*", help=", ".join(SWEEPS))
    parser.add_argument("--launchers", default="processes,fused")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--runs", type=int)
    parser.add_argument("--measured", type=int, default=4, help="runs timed one after another")
    given = parser.parse_args()
    if unknown := set(given.sweeps) - set(SWEEPS):
        parser.error(f"{', '.join(sorted(unknown))}: expected some of {', '.join(SWEEPS)}")
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(BECOME_SUBREAPER, 1, 0, 0, 0)
    print(f"{platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__}")
    for name in given.sweeps or SWEEPS:
        compare(SWEEPS[name], given.launchers.split(","), given)
