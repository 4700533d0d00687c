"""The object of a dotted name, found as Hydra finds it: whoever looks at a name sees what will be made."""

import inspect
from importlib import import_module
from typing import Any


def locate(name: str) -> Any:
    """The class, function or module: attributes come before modules, which are imported.

    Raises ImportError or AttributeError where there is none, and whatever a module raises itself.
    """
    first, *parts = name.split(".")
    if not all((first, *parts)):
        raise ImportError(f"{name!r} is no dotted name")
    found, path = import_module(first), first
    for part in parts:
        path = f"{path}.{part}"
        try:
            found = getattr(found, part)
        except AttributeError:
            if not inspect.ismodule(found):
                raise
            try:
                found = import_module(path)
            except ModuleNotFoundError as error:
                if error.name != path:
                    raise
                raise AttributeError(
                    f"module {found.__name__!r} has no attribute {part!r}"
                ) from None
    return found
