"""What a training step of one run costs above a bare loop of the same work.

python benchmarks/steps.py [--epochs 30] [--steps 50]

Both take the same batches of 64, loss, optimizer, schedule and clipping, on one thread. Epochs of the
run and of the bare loop take turns, from the same weights. All that Lightning and bakeoff do between two
batches counts; validation, checkpoints and what is logged once an epoch do not. Both must end with the same
weights, bit for bit.
"""

import argparse
import statistics
import time
import warnings
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytorch_lightning as pl
import torch
from hydra import compose, initialize_config_dir
from omegaconf import DictConfig
from one_run import train

from bakeoff.identity import run_id
from bakeoff.run.parts.build import set_up_data
from bakeoff.run.parts.denormals import flushed_denormals
from bakeoff.run.parts.normalized import normalized
from bakeoff.run.parts.supervised import Supervised
from bakeoff.store import paths
from bakeoff.tasks.classification.data import ClassificationData
from bakeoff.tasks.classification.images import DIGITS, Collection, Images

BATCH = 64
MLP = "MLP 784-256-128-10"
RUNS = {
    "LeNet5, localization": ["task=localization", "model=lenet5/standard"],
    MLP: ["task=classification", "model=mlp/standard", "model.hidden=[256,128]"],
}


class RandomPictures:
    """Pictures of MNIST's size, of random pixels and classes."""

    shape = (1, 28, 28)

    def __init__(self, count: int) -> None:
        self.count = count

    def names(self) -> tuple[str, ...]:
        """Ten classes."""
        return DIGITS

    def load(self) -> Collection:
        """`count` for training, and some for validation and testing."""
        drawn = torch.Generator().manual_seed(0)

        def images(count: int) -> Images:
            pixels = torch.randint(0, 256, (count, *self.shape), dtype=torch.uint8, generator=drawn)
            return Images(pixels.numpy(), torch.randint(0, 10, (count,), generator=drawn).numpy())

        return Collection(DIGITS, images(self.count), images(BATCH), images(BATCH))


@dataclass(frozen=True)
class Seconds:
    """Of one pass, in this process and by the clock on the wall."""

    cpu: float
    wall: float

    @classmethod
    def now(cls) -> "Seconds":
        """Of this moment."""
        return cls(time.process_time(), time.perf_counter())

    def __sub__(self, other: "Seconds") -> "Seconds":
        return Seconds(self.cpu - other.cpu, self.wall - other.wall)


class Turns:
    """Follows each epoch of a run by the same epoch of a bare loop, and measures both."""

    def __init__(self) -> None:
        self.run: list[Seconds] = []
        self.bare: list[Seconds] = []

    def adapt(self, trainer: pl.Trainer, module: Supervised) -> None:
        """Take part in a training that begins."""
        self._trainer, self._module = trainer, module
        self._net = deepcopy(module.net)
        self._optimizer: Any = None
        loop = trainer.fit_loop.epoch_loop
        train, validate = loop.run, loop.val_loop.run
        validation = [Seconds(0, 0)]

        def epoch(data_fetcher: Any) -> None:
            start = Seconds.now()
            train(data_fetcher)
            self.run.append(Seconds.now() - start - validation[0])
            start = Seconds.now()
            self._bare_epoch()
            self.bare.append(Seconds.now() - start)

        def validated() -> Any:
            start = Seconds.now()
            result = validate()
            validation[0] = Seconds.now() - start
            return result

        loop.run, loop.val_loop.run = epoch, validated

    def _bare_epoch(self) -> None:
        module, net, loader = self._module, self._net, self._trainer.train_dataloader
        if self._optimizer is None:
            self._optimizer = module.optimizer(net.parameters())
            steps = len(loader) * self._trainer.max_epochs
            self._schedule = module.scheduler.on(self._optimizer, steps)
        net.train()
        with torch.enable_grad(), flushed_denormals():  # as in the run
            for rows in loader.sampler.order.split(BATCH):
                x, target = loader.dataset[rows]
                loss = module.loss(net(normalized(x, module.mean, module.std)), target)
                loss = loss["loss"] if isinstance(loss, dict) else loss
                self._optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(net.parameters(), self._trainer.gradient_clip_val)
                self._optimizer.step()
                self._schedule.step()

    def check(self) -> None:
        """Raise SystemExit where both have not learned the same."""
        pairs = zip(self._net.parameters(), self._module.net.parameters(), strict=True)
        if not all(torch.equal(a, b) for a, b in pairs):
            raise SystemExit("the run and the bare loop have different weights")


def measure(config: DictConfig, name: str, steps: int) -> Turns:
    """Train one run, and the bare loop with it."""
    turns = Turns()

    def made(config: DictConfig) -> pl.LightningDataModule:
        if name != MLP:
            return set_up_data(config)
        split = {"classes": None, "val": 0.1, "test": 0.1, "folds": None, "fold": 0, "seed": 0}
        data = ClassificationData(RandomPictures(steps * BATCH), batch_size=BATCH, **split)
        data.prepare_data()
        data.setup("fit")
        return data

    train(config, turns.adapt, made)
    turns.check()
    return turns


def main(epochs: int, steps: int) -> None:
    """Print milliseconds per step: of the fastest epoch of both, their difference, and the median of the
    differences of all turns.
    """
    run_id.register()
    columns = ("bare loop", "run", "difference", "median")
    print(f"{f'ms per step, batch {BATCH}':<28}{''.join(f'{name:>14}' for name in columns)}")
    with initialize_config_dir(str(paths.conf_dir().resolve()), version_base="1.3"):
        for name, lines in RUNS.items():
            common = [f"trainer.max_epochs={epochs}", f"data.batch_size={BATCH}"]
            if name != MLP:
                common += [f"data.sizes.train={steps * BATCH}", f"data.sizes.val={BATCH}"]
            turns = measure(compose("config", overrides=[*lines, *common]), name, steps)
            for clock in ("cpu", "wall"):
                bare, run = (
                    [1e3 * getattr(epoch, clock) / steps for epoch in side]
                    for side in (turns.bare, turns.run)
                )
                more = statistics.median(r - b for r, b in zip(run, bare, strict=True))
                values = (min(bare), min(run), min(run) - min(bare), more)
                print(
                    f"{name + ', ' + clock:<28}{''.join(f'{v:14.3f}' for v in values)}", flush=True
                )


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--steps", type=int, default=50, help="in each epoch")
    given = parser.parse_args()
    main(given.epochs, given.steps)
