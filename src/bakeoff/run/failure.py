"""What the record of a run says when an exception ended it."""

import torch

from bakeoff.errors import BakeoffError
from bakeoff.gate.error_text import GPU_MEMORY, message
from bakeoff.run.hooks.interruption import InterruptedRunError
from bakeoff.run.parts.divergence import DivergedError
from bakeoff.store.record import Status

TORCH_MEMORY = "DefaultCPUAllocator: can't allocate memory"  # it raises a RuntimeError for this

# Their messages say all there is to say; of other exceptions the type is told too.
SELF_EXPLAINING = (BakeoffError, OSError, torch.OutOfMemoryError)


def ending(error: BaseException) -> tuple[Status, str]:
    """The status of a run that `error` ended, and a sentence that says why, bounded as by `message`."""
    match error:
        case DivergedError():
            return "diverged", message(error)
        case InterruptedRunError():
            return "interrupted", f"stopped by {error} before it was done"
        case KeyboardInterrupt() | SystemExit():
            return "failed", f"the run's own code raised {_raised(error)}; no signal had come"
        case torch.OutOfMemoryError():
            return "failed", f"{GPU_MEMORY}: {message(error)}"
        case _ if _is_out_of_memory(error):
            return "failed", (
                f"out of memory ({message(error, named=True)}): make data.batch_size or the model "
                "smaller, or let fewer jobs run at once (hydra.launcher.n_jobs)"
            )
        case _:
            return "failed", message(error, named=not isinstance(error, SELF_EXPLAINING))


def _is_out_of_memory(error: BaseException) -> bool:
    is_torch = isinstance(error, RuntimeError) and TORCH_MEMORY in message(error)
    return is_torch or isinstance(error, MemoryError)


def _raised(error: BaseException) -> str:
    # Lightning answers KeyboardInterrupt with SystemExit(1).
    if isinstance(error.__context__, KeyboardInterrupt):
        error = error.__context__
    return message(error, named=True)
