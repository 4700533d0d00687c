"""What a training step of one member costs, alone and as one of K that are stacked.

python benchmarks/members.py [--most 64] [--epochs 2]

MLPs 64-128-64 with batch norm on the embedded digits, batches of 32. Milliseconds of one core in the thread
that trains, for each member and step: all that happens for a batch, validation and checkpoints left out.
"""

import argparse
import time
import warnings
from collections.abc import Callable
from typing import Any

from hydra import compose, initialize_config_dir
from omegaconf import DictConfig
from one_run import train

from bakeoff.fused.epoch import StackedTraining
from bakeoff.fused.together import run_together
from bakeoff.identity import run_id
from bakeoff.store import paths

NET = ["model=mlp/standard", "model.hidden=[64,128,64]", "model.batch_norm=true"]
SETTINGS = ["task=classification", "data=classification/digits", "data.batch_size=32", *NET]


class Timed:
    """Seconds of this thread in calls of a function, and their number."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.seconds, self.calls = 0.0, 0

    def __call__(self, *arguments: Any) -> Any:
        began = time.thread_time()
        try:
            return self._function(*arguments)
        finally:
            self.seconds += time.thread_time() - began
            self.calls += 1


def alone(config: DictConfig) -> float:
    """Milliseconds of a step by Lightning's own loop."""
    timed: list[Timed] = []

    def adapt(trainer: Any, module: Any) -> None:
        loop = trainer.fit_loop.epoch_loop
        timed.append(Timed(loop.advance))
        loop.advance = timed[0]

    train(config, adapt)
    return 1e3 * timed[0].seconds / timed[0].calls


def stacked(configs: list[DictConfig]) -> float:
    """Milliseconds of a step for each of the members."""
    steps = []
    usual = StackedTraining.epoch

    def epoch(self: StackedTraining) -> None:
        timed = Timed(usual)
        timed(self)
        steps.append(1e3 * timed.seconds / len(self.members[0].batches) / len(self.members))

    StackedTraining.epoch = epoch
    try:
        run_together([lambda adapt, own=own: train(own, adapt) for own in configs], must_pay=False)
    finally:
        StackedTraining.epoch = usual
    return min(steps)


def main(most: int, epochs: int) -> None:
    """Print a line for each number of members."""
    run_id.register()
    counts = [2**power for power in range(most.bit_length()) if 2**power <= most]
    with initialize_config_dir(str(paths.conf_dir().resolve()), version_base="1.3"):
        lines = [*SETTINGS, f"trainer.max_epochs={epochs}"]
        configs = [compose("config", overrides=[*lines, f"seed={seed}"]) for seed in range(most)]
    one = alone(configs[0])
    print(f"alone       {one:6.2f} ms per step")
    for count in counts:
        each = stacked(configs[:count])
        print(
            f"1 of {count:<5}  {each:6.2f} ms per step, {one / each:5.1f} times faster", flush=True
        )


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=2)
    given = parser.parse_args()
    main(given.most, given.epochs)
