"""Ray Core as an engine: each job is a task with its share of the cluster's cores and GPUs."""

import socket
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ray
from omegaconf import DictConfig, OmegaConf
from ray.exceptions import RayError, RayTaskError

from bakeoff.errors import BakeoffError
from bakeoff.gate.error_text import first_line
from bakeoff.identity.cores import usable_cores
from bakeoff.sweep.launch.elsewhere import Lost
from bakeoff.sweep.launch.processes import GRACE_S
from bakeoff.sweep.launch.worker import work

REACH_S = 5.0  # for the head of a cluster to answer


class RayEngine:
    """Jobs as tasks of the cluster that this process is connected to.

    `cpus` and `gpus` are those of a job; None: its `threads`, and a GPU where the cluster has some and the
    trainer may use one.
    """

    at_once = None

    def __init__(self, cpus: float | None, gpus: float | None) -> None:
        self.cpus, self.gpus = cpus, gpus
        self._room = ray.cluster_resources()
        # Ray would start a task again without a word, also one whose process has not ended yet.
        self._task = ray.remote(max_retries=0)(work)
        self._running: dict[ray.ObjectRef, int] = {}

    def start(self, jobs: Sequence[tuple[int, DictConfig, bytes]]) -> None:
        """Start jobs. Raises BakeoffError where the machines together have too little for one."""
        for number, config, payload in jobs:
            task = self._task.options(**self._slots(config))
            self._running[task.remote(str(Path.cwd()), payload)] = number

    def _slots(self, config: DictConfig) -> dict[str, float]:
        cpus, gpus = self.cpus, self.gpus
        if cpus is None:
            cpus = OmegaConf.select(config, "threads", default=1)
        if gpus is None:
            on_cpu = OmegaConf.select(config, "trainer.accelerator") == "cpu"
            gpus = 0 if on_cpu or not self._room.get("GPU") else 1
        for key, asked, kind in (("cpus", cpus, "CPU"), ("gpus", gpus, "GPU")):
            if asked > (there := self._room.get(kind, 0)):
                raise BakeoffError(
                    f"hydra.launcher.{key}: a job asks for {asked:g}, and the Ray cluster has {there:g} in "
                    "all: ask for less, or add machines"
                )
        return {"num_cpus": cpus, "num_gpus": gpus}

    def ended(self, wait_s: float) -> list[tuple[int, bytes | Lost]]:
        """The tasks that have ended since."""
        done, _ = ray.wait(list(self._running), num_returns=1, timeout=wait_s)
        return [(self._running.pop(task), _outcome(task)) for task in done]

    def news(self) -> Sequence[str]:
        """Nothing: Ray does not say why a task waits."""
        return ()

    def cancel(self, numbers: Collection[int]) -> None:
        """Interrupt these jobs, and wait until they have ended."""
        tasks = [task for task, number in self._running.items() if number in numbers]
        for task in tasks:
            ray.cancel(task)
            del self._running[task]
        if tasks:
            ray.wait(tasks, num_returns=len(tasks), timeout=GRACE_S)


def _outcome(task: ray.ObjectRef) -> bytes | Lost:
    try:
        return ray.get(task)
    except RayTaskError as error:  # raised by `work`, before the job's own process
        return Lost(first_line(error.cause), refusal=True)
    except RayError as error:
        kind = type(error).__name__.removesuffix("Error")
        return Lost(f"its worker or its machine was lost (Ray: {kind})")


def _reach(address: str) -> None:
    """Raises OSError or ValueError where nothing answers at HOST:PORT: Ray itself would wait for ever.
    Other forms of an address, as `auto`, are Ray's to read.
    """
    host, colon, port = address.rpartition(":")
    if colon and "//" not in address:
        socket.create_connection((host, int(port)), timeout=REACH_S).close()


@contextmanager
def cluster(address: str | None) -> Iterator[None]:
    """Be connected to a cluster; where none is named, to one that lives as long as this.

    Raises BakeoffError where it cannot be reached.
    """
    if ray.is_initialized():
        yield
        return
    settings: dict[str, Any] = {"log_to_driver": False, "logging_level": "error"}
    if address is None:
        settings |= {"num_cpus": usable_cores(), "include_dashboard": False}
    try:
        if address is not None:
            _reach(address)
        ray.init(address or "local", **settings)
    except Exception as error:  # Ray raises many kinds
        what = f"reach a Ray cluster at {address}" if address else "start a Ray cluster here"
        raise BakeoffError(
            f"cannot {what}: {first_line(error)}. Expected hydra.launcher.address=HOST:PORT of a cluster "
            "that `ray start` made, with the same Python, Ray and token as here"
        ) from None
    try:
        yield
    finally:
        ray.shutdown()
