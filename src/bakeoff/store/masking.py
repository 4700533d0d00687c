"""Values that configs take from the environment, such as tokens: kept out of every text that is written.

`${oc.env:NAME}` notes the value that it gives, and `masked` puts the reference back in its place. The
values are those that this process has resolved.
"""

import json
import logging
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from traceback import format_exception
from typing import Any, TextIO

SHORTEST = 6  # characters; what is shorter, such as a number of workers, is in too many words
_taken: dict[str, str] = {}  # the text to mask -> what stands for it


def register() -> None:
    """Let `${oc.env:NAME}` note what it takes."""
    from omegaconf import OmegaConf
    from omegaconf.resolvers import oc

    def env(key: str, *default: Any) -> Any:
        if key in os.environ:
            _take(key, os.environ[key])
        return oc.env(key, *default)

    OmegaConf.register_new_resolver("oc.env", env, replace=True)


def masked(text: str) -> str:
    """`text` with a reference in the place of each value that was taken from the environment."""
    for value in sorted(_taken, key=len, reverse=True):
        text = text.replace(value, _taken[value])
    return text


def masked_containers(node: Any) -> Any:
    """Dictionaries and lists with all of their texts masked; anything else as it is."""
    if not _taken:
        return node
    if isinstance(node, str):
        return masked(node)
    if isinstance(node, dict):
        return type(node)({key: masked_containers(value) for key, value in node.items()})
    if type(node) in (list, tuple):
        return type(node)(masked_containers(value) for value in node)
    return node


class MaskedStream:
    """A text stream that masks what is written to it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text masked; the length of what was given."""
        self._stream.write(masked(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@cache
def mask_logging() -> None:
    """Let all of Python's loggers mask their messages and tracebacks."""
    logging.setLogRecordFactory(_masking(logging.getLogRecordFactory()))


def _masking(make: Callable[..., logging.LogRecord]) -> Callable[..., logging.LogRecord]:
    def record(*given: Any, **named: Any) -> logging.LogRecord:
        made = make(*given, **named)
        if not _taken:
            return made
        try:
            made.msg, made.args = masked(made.getMessage()), ()
        except Exception:  # whoever writes the record says what is wrong with its arguments
            return made
        if made.exc_info and made.exc_info[1] is not None:
            made.exc_text = masked("".join(format_exception(made.exc_info[1]))).rstrip("\n")
        return made

    return record


def _take(name: str, value: str) -> None:
    if len(value) < SHORTEST or _is_path(value):
        return
    # As it is, and as it is quoted in messages and in JSON.
    for text in (value, repr(value)[1:-1], json.dumps(value)[1:-1]):
        _taken[text] = f"${{oc.env:{name}}}"


def _is_path(value: str) -> bool:
    try:
        return Path(value).exists()
    except (OSError, ValueError):
        return False
