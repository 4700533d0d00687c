"""The jobs of a sweep on machines that another program hands out: an engine, such as Ray or Slurm.

In the worker that the engine starts, a job runs in a process of its own, started and watched by the same
code as on one machine: what it leaves in its directory is the same. The machines share that directory.
"""

import os
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import cloudpickle
from hydra.core.singleton import Singleton
from hydra.core.utils import JobReturn, setup_globals
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig

from bakeoff.errors import BakeoffError
from bakeoff.run.allowances import ALLOW
from bakeoff.run.interruption import interruptible
from bakeoff.sweep.launched import close_record, failed, labels, run_dir_of
from bakeoff.sweep.limits import limits_of
from bakeoff.sweep.processes import run_jobs
from bakeoff.sweep.progress import SweepProgress, varying

POLL_S = 1.0


@dataclass(frozen=True)
class Lost:
    """A job of which the engine has no result: its worker or machine ended, or the engine says `refusal`,
    which another try would not change.
    """

    reason: str
    refusal: bool = False


class Engine(Protocol):
    """Hands jobs to the machines: `work(folder, payload)` runs there."""

    at_once: int | None  # jobs; None: any number, the engine lets them wait

    def start(self, jobs: Sequence[tuple[int, DictConfig, bytes]]) -> None:
        """Start jobs: number, config and payload of each."""

    def ended(self, wait_s: float) -> list[tuple[int, bytes | Lost]]:
        """What became of jobs that have ended since, by number; waits `wait_s` for the first."""

    def cancel(self) -> None:
        """Ask all running jobs to end, and wait until they have."""


def run_elsewhere(
    configs: Sequence[DictConfig],
    task: TaskFunction,
    context: HydraContext,
    engine: Engine,
    retries: int,
) -> list[JobReturn]:
    """Run `task` on every config and wait for all.

    A job whose worker or machine is lost starts again, `retries` times: a training goes on from its
    newest checkpoint. Never by the engine itself, which could start it beside one that has not ended.
    Otherwise as `processes.run_jobs`.
    """
    if retries < 0:
        raise BakeoffError(f"hydra.launcher.retries is {retries}: expected 0 or more")
    if engine.at_once is not None and engine.at_once < 1:
        raise BakeoffError(
            f"hydra.launcher.at_once is {engine.at_once}: expected 1 or more, or null"
        )
    state, names = Singleton.get_state(), labels(configs)
    run_dirs = [run_dir_of(config) for config in configs]
    waiting, running = list(range(len(configs))), set[int]()
    tries = [0] * len(configs)
    returns: list[JobReturn | None] = [None] * len(configs)
    allowed = os.environ.get(ALLOW, "")
    with interruptible(), SweepProgress(len(configs), varying(configs)) as progress:
        try:
            while waiting or running:
                room = None if engine.at_once is None else engine.at_once - len(running)
                starting, waiting = waiting[:room], waiting[len(waiting[:room]) :]
                payloads = [
                    cloudpickle.dumps((configs[n], task, context, state, allowed)) for n in starting
                ]
                running |= set(starting)
                engine.start([(n, configs[n], p) for n, p in zip(starting, payloads, strict=True)])
                for number, result in engine.ended(POLL_S):
                    running.remove(number)
                    if isinstance(result, bytes):
                        returns[number], reason = cloudpickle.loads(result), None
                    elif not result.refusal and tries[number] < retries:
                        tries[number] += 1
                        waiting.append(number)
                        continue
                    else:
                        often = "" if result.refusal else f", {tries[number] + 1} times"
                        reason = f"{result.reason}{often}"
                        returns[number] = failed(configs[number], run_dirs[number], reason)
                    progress.done(run_dirs[number], [names[number]], reason)
                progress.show([run_dirs[number] for number in running])
        except BaseException:
            engine.cancel()
            for number in running:
                close_record(
                    run_dirs[number], "interrupted", "stopped by a signal before it was done"
                )
            raise
    return [job_return for job_return in returns if job_return is not None]


def work(folder: str, payload: bytes) -> bytes:
    """In a worker of an engine: run the job in `payload` in a process of its own; a pickled JobReturn.

    Raises BakeoffError where this machine does not see the sweep's folders.
    """
    _see(Path(folder))
    os.chdir(folder)
    if folder not in sys.path:  # the user's own modules
        sys.path.insert(0, folder)
    _forget_main()
    setup_globals()
    config, task, context, state, allowed = cloudpickle.loads(payload)
    os.environ[ALLOW] = allowed  # an engine may not pass on the environment
    Singleton.set_state(state)
    _see(Path(config.hydra.sweep.dir))
    # The limits of the sweep as a whole are not those of the only job here.
    limits = replace(limits_of(config), sweep_minutes=None, max_failures=None, fail_fast=False)
    [result] = run_jobs([config], task, context, 1, limits=limits)
    return cloudpickle.dumps(result)


def _see(folder: Path) -> None:
    if not folder.is_dir():
        raise BakeoffError(
            f"the machine {socket.gethostname()} has no folder {folder.absolute()}: expected that all "
            "machines share the folder in which the sweep was started, under the same path"
        )


def _forget_main() -> None:
    """A new process would run the engine's main module again."""
    main = sys.modules["__main__"]
    main.__spec__ = None
    vars(main).pop("__file__", None)
