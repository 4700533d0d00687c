"""Places for jobs that run at the same time: processor cores and GPUs."""

import math
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bakeoff.errors import BakeoffError
from bakeoff.identity.cores import usable_cores

VISIBLE = "CUDA_VISIBLE_DEVICES"
GPU_WORDS = ("auto", "gpu", "cuda")  # of trainer.accelerator


@dataclass(frozen=True)
class Slot:
    """The place of one job: the name of its GPU, empty for a job on the processor; `alone`: no other job
    may use the GPU meanwhile.
    """

    gpu: str = ""
    alone: bool = False


def number_mistakes(**numbers: int | None) -> list[str]:
    """A line for each number of a launcher, by its name, that is below 1; None is no number."""
    return [
        f"hydra.launcher.{name}={number}: expected 1 or more{', or null' if name == 'n_jobs' else ''}"
        for name, number in numbers.items()
        if number is not None and number < 1
    ]


class Slots:
    """What is free. `cores`: places for jobs on the processor; `gpus`: the names of the GPUs that jobs may
    use, each for `jobs_per_gpu` jobs; `n_jobs`: how many jobs run at once at most, None: as many as fit.

    A given `n_jobs` counts: more jobs than there are places share cores and GPUs. Raises BakeoffError for a
    number below 1.
    """

    def __init__(
        self, cores: int, gpus: Sequence[str], jobs_per_gpu: int = 1, n_jobs: int | None = None
    ) -> None:
        if mistakes := number_mistakes(n_jobs=n_jobs, jobs_per_gpu=jobs_per_gpu):
            raise BakeoffError("\n".join(mistakes))
        self.gpus = tuple(gpus)
        self._n_jobs = math.inf if n_jobs is None else n_jobs
        self._cores = cores if n_jobs is None else n_jobs
        self._per_gpu = max(jobs_per_gpu, math.ceil((n_jobs or 0) / max(1, len(gpus))))
        self._taken: list[Slot] = []

    def take(self, on_gpu: bool, alone: bool = False) -> Slot | None:
        """A place on a GPU, where the machine has any, or on the processor; None where none is free."""
        if len(self._taken) >= self._n_jobs:
            return None
        slot = self._on_gpu(alone) if on_gpu and self.gpus else self._on_processor()
        if slot is not None:
            self._taken.append(slot)
        return slot

    def _on_processor(self) -> Slot | None:
        return Slot() if self._taken.count(Slot()) < self._cores else None

    def _on_gpu(self, alone: bool) -> Slot | None:
        """On the GPU with the fewest jobs."""
        load = Counter(slot.gpu for slot in self._taken)
        kept = {slot.gpu for slot in self._taken if slot.alone}
        most = 1 if alone else self._per_gpu
        free = [name for name in self.gpus if load[name] < most and name not in kept]
        return Slot(min(free, key=load.__getitem__), alone) if free else None

    def free(self, slot: Slot) -> None:
        """Give back what `take` gave."""
        self._taken.remove(slot)

    def environment(self, slot: Slot) -> dict[str, str]:
        """The variables by which a job sees its own GPU only; empty on a machine without any."""
        return {VISIBLE: slot.gpu} if self.gpus else {}


def cpu_places(configs: Sequence[Mapping[str, Any]], cores: int | None = None) -> int:
    """How many jobs fit beside each other: the usable cores by the most `threads` that a config asks for.

    At least 1. A config without `threads` counts as one thread.
    """
    threads = max((config.get("threads", 1) for config in configs), default=1)
    return max(1, (usable_cores() if cores is None else cores) // max(1, threads))


def wants_gpu(config: Mapping[str, Any]) -> bool:
    """Whether the trainer of a config takes a GPU where there is one."""
    trainer = config.get("trainer")
    return trainer is not None and trainer.get("accelerator", "auto") in GPU_WORDS


def group_places(configs: Sequence[Mapping[str, Any]], gpus: Sequence[str]) -> int:
    """How many groups of runs that train together fit beside each other: one on each of `gpus`, where a
    config takes any; otherwise as `cpu_places`.
    """
    return len(gpus) if gpus and any(map(wants_gpu, configs)) else cpu_places(configs)


def visible_gpus(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The names of this machine's GPUs, as CUDA_VISIBLE_DEVICES has them."""
    import torch

    count = torch.cuda.device_count()
    given = environment.get(VISIBLE)
    names = map(str, range(count)) if given is None else map(str.strip, given.split(","))
    return list(names)[:count]
