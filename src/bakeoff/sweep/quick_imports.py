"""What trainings need, imported in two thirds of the time that Python's `import` takes."""

import gc
import importlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from types import ModuleType

FIRST = ("torchmetrics",)  # before what imports it
SIGNAL = "scipy.signal"


def import_all(modules: Iterable[str]) -> None:
    """Import modules; one that does not exist is passed over. What they hold is never looked through for
    garbage: it stays.
    """
    gc.disable()
    try:
        for module in modules:
            with (
                suppress(ImportError),  # the check says so, where a config names it
                _without_scipy_signal() if module in FIRST else nullcontext(),
            ):
                importlib.import_module(module)
    finally:
        gc.freeze()
        gc.enable()


@contextmanager
def _without_scipy_signal() -> Iterator[None]:
    """Leave an empty module in the place of `scipy.signal`, with the name that torchmetrics looks for: it
    imports all of that module to add this name for another package.
    """
    if SIGNAL in sys.modules:
        yield
        return
    stand_in = ModuleType(SIGNAL)
    stand_in.hamming = None
    sys.modules[SIGNAL] = stand_in
    try:
        yield
    finally:
        if sys.modules.get(SIGNAL) is stand_in:
            del sys.modules[SIGNAL]
        vars(sys.modules.get("scipy", stand_in)).pop("signal", None)
