"""What a training step of one member costs, alone and as one of K that are stacked.

python benchmarks/members.py [--most 64] [--epochs 2] [--figure FILE.svg]

MLPs 64-128-64 with batch norm on the embedded digits, batches of 32. Milliseconds of one core in the thread
that trains, for each member and step: all that happens for a batch, validation and checkpoints left out.
The figure, as .svg or .png, shows the milliseconds of a step for all members.
"""

import argparse
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hydra import compose, initialize_config_dir
from members_figure import Panel, draw, figure_file
from omegaconf import DictConfig
from one_run import train
from stacked_epochs import stacked_epochs

from bakeoff.identity import run_id
from bakeoff.store import paths

NET = ["model=mlp/standard", "model.hidden=[64,128,64]", "model.batch_norm=true"]
TITLE = "MLPs 64-128-64 with batch norm, batches of 32, one core"
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
    """Milliseconds of a step for each of the members, in the fastest epoch."""
    epochs = stacked_epochs(configs, time.thread_time)
    return min(1e3 * own.seconds / own.steps / len(configs) for own in epochs)


def main(most: int, epochs: int, figure: Path | None) -> None:
    """Print a line for each number of members, and draw the figure, if any."""
    run_id.register()
    counts = [2**power for power in range(most.bit_length()) if 2**power <= most]
    with initialize_config_dir(str(paths.conf_dir().resolve()), version_base="1.3"):
        lines = [*SETTINGS, f"trainer.max_epochs={epochs}"]
        configs = [compose("config", overrides=[*lines, f"seed={seed}"]) for seed in range(most)]
    one = alone(configs[0])
    print(f"alone       {one:6.2f} ms per step")
    each = {}
    for count in counts:
        each[count] = stacked(configs[:count])
        times = one / each[count]
        print(
            f"1 of {count:<5}  {each[count]:6.2f} ms per step, {times:5.1f} times faster",
            flush=True,
        )
    if figure is not None:
        apart = {count: count * one for count in counts}
        as_one = {count: count * ms for count, ms in each.items()}
        times = {count: one / ms for count, ms in each.items()}
        draw(figure, [Panel(TITLE, "ms of a step of all members", apart, as_one, times)])


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--figure", type=figure_file, help="a file that ends in .svg or .png")
    given = parser.parse_args()
    main(given.most, given.epochs, given.figure)
