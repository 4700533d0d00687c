"""How the process of a run ends."""

import signal
from multiprocessing.process import BaseProcess

from bakeoff.sweep.launch.job_log import NAME as LOG


def wait_or_kill(process: BaseProcess, seconds: float) -> None:
    """Wait so long for a process that was asked to end, then kill it."""
    process.join(seconds)
    process.kill()
    process.join()


def death(exit_code: int) -> str:
    """What the exit code says of a process that ended before its run was done; negative after a signal."""
    if exit_code >= 0:
        return (
            f"its process ended with status {exit_code} before the run was done: see {LOG} in its "
            "directory"
        )
    try:
        name = signal.Signals(-exit_code).name
    except ValueError:  # a real-time signal
        name = f"signal {-exit_code}"
    hint = " (out of memory?)" if name == "SIGKILL" else ""
    return f"its process was killed by {name}{hint}"
