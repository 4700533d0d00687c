"""The texts of exceptions, kept from growing without bound and from telling secrets."""

import traceback

from bakeoff.store.masking import masked

LONGEST = 10_000  # characters of a message in a record
GPU_MEMORY = "the GPU is out of memory"  # so begins the error of a run that may be tried once more
LONGEST_TRACEBACK = 100_000  # characters in a log
RECORDED_TRACEBACK = 20_000  # in a record


def message(error: BaseException, named: bool = False) -> str:
    """The message of `error`, bounded; its type where there is no message, and also where `named`."""
    name = type(error).__name__
    try:
        text = masked(str(error))
    except Exception:  # somebody's own exception may fail at this too
        text = "its message cannot be shown"
        named = True
    if not text:
        return name
    return bounded(f"{name}: {text}" if named else text)


def first_line(error: BaseException) -> str:
    """The first line of the message of `error`; its type where there is no message."""
    return message(error).splitlines()[0]


def bounded(text: str, longest: int = LONGEST) -> str:
    """`text`, or its first and last `longest / 2` characters where it is longer than `longest`."""
    if len(text) <= longest:
        return text
    half = longest // 2
    left_out = len(text) - 2 * half
    return f"{text[:half]}\n[... {left_out:,} characters left out ...]\n{text[-half:]}"


def bounded_traceback(error: BaseException) -> str:
    """The traceback of `error`, at most about LONGEST_TRACEBACK long."""
    try:
        return bounded(masked("".join(traceback.format_exception(error))), LONGEST_TRACEBACK)
    except Exception:  # formatting calls str(error)
        return message(error, named=True)
