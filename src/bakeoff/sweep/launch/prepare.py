"""What trainings need is imported before the check, by the command and the server of its jobs."""

import gc
import importlib
import sys
from collections.abc import Iterable
from contextlib import suppress

from bakeoff.sweep.compose.launchers import GROUP
from bakeoff.sweep.launch.start_method import PRELOAD, start_server
from bakeoff.sweep.plan import Plan

LAUNCHERS = ("processes", "fused")  # whose jobs come from the server
HEAVY = "torch"


def prepare(planned: Plan) -> None:
    """Import what the runs of a plan need; the fork server from which its jobs will come, if they will,
    starts and imports it at the same time.

    Does nothing in a process that has imported torch before. Where the server cannot start, whoever starts
    jobs says so.
    """
    if HEAVY in sys.modules:
        return
    own = {name.rpartition(".")[0] for name in planned.names if name.startswith("bakeoff.")}
    is_served = planned.multirun and planned.jobs[0].composed.choices[GROUP] in LAUNCHERS
    if is_served:
        with suppress(OSError, ValueError):  # ValueError: the system has no fork servers
            start_server(sorted(own))
    import_all([*PRELOAD, *sorted(own)])


def import_all(modules: Iterable[str]) -> None:
    """Import modules; one that does not exist is passed over. What they hold is never looked through for
    garbage: it stays.
    """
    gc.disable()
    try:
        for module in modules:
            with suppress(ImportError):  # the check says so, where a config names it
                importlib.import_module(module)
    finally:
        gc.freeze()
        gc.enable()
