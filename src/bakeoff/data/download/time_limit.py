"""Limits on how long a server may take, however it spreads its bytes.

A socket's timeout does not bound this: it begins anew with every byte.
"""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPResponse
from queue import Empty, SimpleQueue
from threading import Event, Thread, Timer
from typing import IO, TypeVar

T = TypeVar("T")


class OverdueError(Exception):
    """No answer in the given time."""


def within(seconds: float, call: Callable[[], T]) -> T:
    """What `call` returns or raises. Raises OverdueError after `seconds`; `call` is then left to itself."""
    answers: SimpleQueue[tuple[T | None, Exception | None]] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put((call(), None))
        except Exception as error:
            answers.put((None, error))

    Thread(target=ask, daemon=True).start()
    try:
        answer, error = answers.get(timeout=seconds)
    except Empty:
        raise OverdueError from None
    if error is not None:
        raise error
    return answer


@contextmanager
def cut_after(seconds: float, stream: IO[bytes]) -> Iterator[Event]:
    """End the connection of a server's answer after `seconds`; the event is set then. A file on the disk
    has no limit.
    """
    over = Event()
    if not isinstance(stream, HTTPResponse) or stream.isclosed():
        yield over
        return
    with socket.socket(fileno=os.dup(stream.fileno())) as connection:

        def cut() -> None:
            over.set()
            with suppress(OSError):  # it has ended meanwhile
                connection.shutdown(socket.SHUT_RDWR)

        timer = Timer(seconds, cut)
        timer.daemon = True
        timer.start()
        try:
            yield over
        finally:
            timer.cancel()
            timer.join()
