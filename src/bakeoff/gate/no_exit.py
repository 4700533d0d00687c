"""The user's own code may not end the process that only tries it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from bakeoff.errors import BakeoffError
from bakeoff.gate.error_text import message


class _ExitedError(BaseException):
    """Stands for an end of the process without a word."""


@contextmanager
def no_exit(part: str) -> Iterator[None]:
    """Raise BakeoffError, which names `part`, where code in this context calls `sys.exit` or `os._exit`, or
    raises KeyboardInterrupt.

    A command that tries a net would otherwise end with a status that the net chooses, such as 0.
    """
    real, process = os._exit, os.getpid()

    def refuse(status: int) -> None:
        if os.getpid() != process:  # a process that was forked in this context
            real(status)
        raise _ExitedError(f"os._exit({status})")

    os._exit = refuse
    try:
        yield
    except (SystemExit, KeyboardInterrupt) as error:
        raise BakeoffError(_said(part, message(error, named=True))) from None
    except _ExitedError as error:
        raise BakeoffError(_said(part, str(error))) from None
    finally:
        os._exit = real


def _said(part: str, what: str) -> str:
    return f"{part}: its code ends the process ({what}): expected that it returns, or raises an Exception"
