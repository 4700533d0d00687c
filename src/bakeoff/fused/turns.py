"""Functions in threads of their own that take turns: one runs at a time, until it waits or ends."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

Shared = tuple[
    Callable[[], Any], Callable[[Any], None]
]  # reads and sets a state of the whole process


class Turn:
    """A function that another thread lets run bit by bit, as a generator does, but whose callees may wait.

    `shared` are states of the whole process, such as that of a random generator. The function finds them as
    it left them, and so does whoever lets it go on.
    """

    def __init__(self, function: Callable[[], Any], shared: Sequence[Shared]) -> None:
        self.result: Any = None
        self.error: BaseException | None = None
        self.ended = False
        self._function = function
        self._shared = shared
        self._states = [read() for read, _ in shared]
        self._own, self._others = threading.Semaphore(0), threading.Semaphore(0)
        self._to_raise: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def go_on(self, to_raise: BaseException | None = None) -> bool:
        """Let the function run until it waits (True) or has ended (False); where it waits now, it continues
        with `to_raise` raised.
        """
        outside = [read() for read, _ in self._shared]
        self._set(self._states)
        self._to_raise = to_raise
        self._own.release()
        try:
            self._others.acquire()
        except BaseException as error:  # a signal of this thread: the function waits or ends first
            self._to_raise = error
            self._others.acquire()
            raise
        finally:
            self._states = [read() for read, _ in self._shared]
            self._set(outside)
        return not self.ended

    def wait(self) -> None:
        """Called by the function: give the turn away, and return when it comes back."""
        self._others.release()
        self._own.acquire()
        if self._to_raise is not None:
            error, self._to_raise = self._to_raise, None
            raise error

    def _run(self) -> None:
        self._own.acquire()
        try:
            if self._to_raise is None:
                self.result = self._function()
        except BaseException as error:
            self.error = error
        self.ended = True
        self._others.release()

    def _set(self, states: Sequence[Any]) -> None:
        for (_, write), state in zip(self._shared, states, strict=True):
            write(state)
