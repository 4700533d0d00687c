"""A job in a worker that an engine has started on another machine, such as Ray's or Slurm's."""

import os
import socket
import sys
from dataclasses import replace
from pathlib import Path

import cloudpickle
from hydra.core.singleton import Singleton
from hydra.core.utils import setup_globals

from bakeoff.errors import BakeoffError
from bakeoff.gate.allowances import ALLOW
from bakeoff.sweep.compose.limits import limits_of
from bakeoff.sweep.launch.launched import whole
from bakeoff.sweep.launch.processes import run_jobs


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
    [result] = run_jobs([whole(config)], task, context, 1, limits=limits)
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
