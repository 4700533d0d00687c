"""What trainings need, imported without looking through it for garbage."""

import gc
import importlib
from collections.abc import Iterable
from contextlib import suppress


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
