"""Places for jobs that run at the same time: processor cores, and GPUs that each job has for itself."""

import math
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bakeoff.errors import BakeoffError
from bakeoff.identity.cores import usable_cores

VISIBLE = "CUDA_VISIBLE_DEVICES"


@dataclass(frozen=True)
class Slot:
    """The place of one job: the names of its GPUs, none for a job on the processor; `alone`: no other job
    may use them meanwhile.
    """

    gpus: tuple[str, ...] = ()
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

    def take(self, gpus: int, alone: bool = False) -> Slot | None:
        """A place with so many GPUs, or all where there are fewer; None where none is free."""
        if len(self._taken) >= self._n_jobs:
            return None
        gpus = min(gpus, len(self.gpus))
        if gpus == 0:
            slot = Slot()
            if self._taken.count(slot) >= self._cores:
                return None
        else:
            load = Counter(name for slot in self._taken for name in slot.gpus)
            kept = {name for slot in self._taken if slot.alone for name in slot.gpus}
            most = 1 if alone else self._per_gpu
            free = [name for name in self.gpus if load[name] < most and name not in kept]
            if len(free) < gpus:
                return None
            slot = Slot(tuple(sorted(free, key=lambda name: load[name])[:gpus]), alone)
        self._taken.append(slot)
        return slot

    def free(self, slot: Slot) -> None:
        """Give back what `take` gave."""
        self._taken.remove(slot)

    def environment(self, slot: Slot) -> dict[str, str]:
        """The variables by which a job sees its own GPUs only; empty on a machine without any."""
        return {VISIBLE: ",".join(slot.gpus)} if self.gpus else {}


def cpu_places(configs: Sequence[Mapping[str, Any]], cores: int | None = None) -> int:
    """How many jobs fit beside each other: the usable cores by the most `threads` that a config asks for.

    At least 1. A config without `threads` counts as one thread.
    """
    threads = max((config.get("threads", 1) for config in configs), default=1)
    return max(1, (usable_cores() if cores is None else cores) // max(1, threads))


def gpus_of(config: Mapping[str, Any], there: int) -> int:
    """How many of the GPUs that are `there` the trainer of a config takes."""
    trainer = config.get("trainer")
    if not there or trainer is None or trainer.get("accelerator", "auto") not in GPU_WORDS:
        return 0
    return min(there, _devices(trainer.get("devices", "auto"), there))


def group_places(configs: Sequence[Mapping[str, Any]], gpus: Sequence[str]) -> int:
    """How many groups of runs that train together fit beside each other: one on the GPUs that a config
    takes of `gpus`, where it takes any; otherwise as `cpu_places`.
    """
    taken = max((gpus_of(config, len(gpus)) for config in configs), default=0)
    return len(gpus) // taken if taken else cpu_places(configs)


GPU_WORDS = ("auto", "gpu", "cuda")


def _devices(devices: Any, there: int) -> int:
    """A number of devices, a list of their numbers, or a word for all."""
    if isinstance(devices, Sequence) and not isinstance(devices, str):
        return len(devices)
    try:
        number = int(devices)
    except (TypeError, ValueError):
        return there
    return there if number < 0 else number


def visible_gpus(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The names of this machine's GPUs, as CUDA_VISIBLE_DEVICES has them."""
    import torch

    count = torch.cuda.device_count()
    given = environment.get(VISIBLE)
    names = map(str, range(count)) if given is None else map(str.strip, given.split(","))
    return list(names)[:count]
