"""Many members on one GPU: MLPs and LeNet5 that train as one, against one after another.

python benchmarks/gpu.py [NET ...] [--precision bf16-mixed] [--figure FILE.svg]
python benchmarks/gpu.py --device cpu --most 4 --epochs 1 --steps 4

NET is mlp (the embedded digits, batches of 32) or lenet5 (localizes digits, batches of 32); without names,
both. K members of 1, 4, 16 and 64 train as one. One after another is what benchmarks/fused.py says: common
templates, by Lightning's defaults; a few of the 64 are measured. Of both sides, the seconds of a clock in
the training batches of an epoch count, the device's work included; an epoch before these warms up.
Validation, checkpoints, start and end are left out.

The limit of the hardware is the product of two large square matrices in the type that is computed in. Its
share counts the products and convolutions of the forward and backward pass of a net, not how they are
computed. The memory is the most that torch has held on the GPU.
"""

import argparse
import os
import platform
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import pytorch_lightning as pl
import torch
from hydra import compose, initialize_config_dir
from members_figure import Panel, draw, figure_file
from omegaconf import DictConfig
from pytorch_lightning.callbacks import Callback
from stacked_epochs import stacked_epochs
from torch.utils.flop_counter import FlopCounterMode

from bakeoff.identity import run_id
from bakeoff.run.parts.build import build_module, set_up_data
from bakeoff.run.parts.measures import loss_parts
from bakeoff.store import paths
from fused import SWEEPS, Sweep, one_after_another

NETS = {"mlp": SWEEPS["digits"], "lenet5": SWEEPS["lenet5"]}
COUNTS = (1, 4, 16, 64)
SIZE = {"cuda": 8192, "cpu": 1024}  # of the matrices whose product is timed
TRIES = 10
TYPES = {"32-true": torch.float32, "bf16-mixed": torch.bfloat16}


class EpochClock(Callback):
    """Counts `seconds` by `now` and `samples` of the training batches of all epochs but the first of each
    run.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.seconds, self.samples = 0.0, 0

    def on_train_epoch_start(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        self._began = self._now()

    def on_train_batch_end(
        self, trainer: pl.Trainer, module: Any, _: Any, batch: Any, at: int
    ) -> None:
        self.samples += len(batch[1]) if trainer.current_epoch else 0

    def on_train_epoch_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        self.seconds += self._now() - self._began if trainer.current_epoch else 0.0


def now_on(device: str) -> Callable[[], float]:
    """A clock that looks when the device has finished."""

    def now() -> float:
        if device == "cuda":
            torch.cuda.synchronize()
        return time.perf_counter()

    return now


def products_per_second(device: str, kind: torch.dtype) -> float:
    """Floating-point operations per second of the product of two large matrices, the fastest of some."""
    size, now = SIZE[device], now_on(device)
    one, other = (torch.randn(size, size, device=device).to(kind) for _ in range(2))
    taken = []
    for _ in range(TRIES):
        began = now()
        one @ other
        taken.append(now() - began)
    return 2 * size**3 / min(taken)


def operations(config: DictConfig) -> float:
    """Floating-point operations of a net's forward and backward pass, for each sample."""
    source = set_up_data(config)
    module = build_module(config, source)
    x, target = source.splits["train"][: source.batch_size]
    with FlopCounterMode(display=False) as counter:
        loss_parts(module.loss(module(x), target))["loss"].backward()
    return counter.get_total_flops() / len(x)


def rate_apart(sweep: Sweep, given: argparse.Namespace) -> float:
    """Samples per second of a few runs, one after another."""
    clock = EpochClock(now_on(given.device))
    # Lightning clips no gradients of a fused optimizer in mixed precision.
    plain = [] if given.precision == "32-true" else ["optimizer.fused=false"]
    one_after_another(
        sweep,
        given.epochs + 1,
        [[*job, *plain] for job in sweep.jobs(given.measured)[: given.measured]],
        accelerator=given.device,
        devices=1,
        precision=given.precision,
        limit_train_batches=given.steps or 1.0,
        limit_val_batches=0,
        callbacks=[clock],
    )
    return clock.samples / clock.seconds


def rate_as_one(configs: list[DictConfig], given: argparse.Namespace) -> tuple[float, int | None]:
    """Samples per second of runs of these configs as one, and the bytes that the GPU has held."""
    on_gpu = given.device == "cuda"
    if on_gpu:
        torch.cuda.reset_peak_memory_stats()
    _, *epochs = stacked_epochs(configs, now_on(given.device))
    seconds, samples = (
        sum(parts) for parts in zip(*((e.seconds, e.samples) for e in epochs), strict=True)
    )
    return samples / seconds, torch.cuda.max_memory_allocated() if on_gpu else None


def settings(sweep: Sweep, given: argparse.Namespace) -> list[str]:
    """What all runs of a sweep share."""
    few = [] if given.steps is None else [f"+trainer.limit_train_batches={given.steps}"]
    how = [f"trainer.precision={given.precision}", "+trainer.limit_val_batches=2", *few]
    return [*sweep.settings(given.epochs + 1, given.device), *how]


def measure(sweep: Sweep, limit: float, given: argparse.Namespace) -> Panel:
    """Print a line for each number of members; their curves."""
    counts = [count for count in COUNTS if count <= given.most]
    jobs = sweep.jobs(-(-counts[-1] // len(sweep.jobs(1))))
    with initialize_config_dir(str(paths.conf_dir().resolve()), version_base="1.3"):
        shared = settings(sweep, given)
        configs = [compose("config", overrides=[*shared, *job]) for job in jobs[: counts[-1]]]
    work = operations(configs[0])
    apart, as_one = rate_apart(sweep, given), {}
    print(f"{sweep.title}: {work / 1e6:.2f} MFLOP for a sample")
    print("members       samples/s   times   of the limit   GPU memory")
    print(
        line("1 by 1", apart, 1.0, work * apart / limit, None) + f"   (from {given.measured} runs)"
    )
    for count in counts:
        as_one[count], held = rate_as_one(configs[:count], given)
        share = work * as_one[count] / limit
        print(line(str(count), as_one[count], as_one[count] / apart, share, held), flush=True)
    times = {count: rate / apart for count, rate in as_one.items()}
    title, *_ = sweep.title.split(",")
    return Panel(title, "samples per second", dict.fromkeys(counts, apart), as_one, times)


def line(name: str, rate: float, times: float, share: float, held: int | None) -> str:
    """A line of the table."""
    memory = "-" if held is None else f"{held / 2**20:,.0f} MiB"
    return f"{name:<8}  {rate:>12,.0f}  {times:6.1f}  {100 * share:11.4f} %  {memory:>11}"


def main(given: argparse.Namespace) -> None:
    """Print a table for each net, and draw the figure, if any."""
    began = time.perf_counter()
    run_id.register()
    torch.set_num_threads(1)  # as runs have
    limit = products_per_second(given.device, TYPES[given.precision])
    name = torch.cuda.get_device_name() if given.device == "cuda" else platform.machine()
    tf32 = torch.get_float32_matmul_precision() != "highest"
    print(
        f"{name}, torch {torch.__version__}, {given.precision}, TF32 {'on' if tf32 else 'off'} in products"
    )
    print(
        f"limit: {limit / 1e12:.3f} TFLOP/s, the product of matrices of {SIZE[given.device]} squared"
    )
    panels = [measure(NETS[net], limit, given) for net in given.nets or NETS]
    if given.figure is not None:
        draw(given.figure, panels)
    print(f"{(time.perf_counter() - began) / 60:.1f} minutes")


if __name__ == "__main__":
    # cuBLAS reads it when it is first used, and deterministic training needs it.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser()
    parser.add_argument("nets", nargs="*", help=", ".join(NETS))
    parser.add_argument("--device", choices=SIZE, default="cuda")
    parser.add_argument("--most", type=int, default=64, help="members at most")
    parser.add_argument("--epochs", type=int, default=2, help="after the one that warms up")
    parser.add_argument("--steps", type=int, help="of an epoch at most")
    parser.add_argument("--measured", type=int, default=3, help="runs timed one after another")
    parser.add_argument("--precision", choices=TYPES, default="32-true")
    parser.add_argument("--figure", type=figure_file, help="a file that ends in .svg or .png")
    given = parser.parse_args()
    if unknown := set(given.nets) - set(NETS):
        parser.error(f"{', '.join(sorted(unknown))}: expected some of {', '.join(NETS)}")
    if given.device == "cuda" and not torch.cuda.is_available():
        sys.exit(
            "gpu.py: torch finds no GPU here: run it where there is one, or try it with "
            "--device cpu --most 4 --epochs 1 --steps 4"
        )
    main(given)
