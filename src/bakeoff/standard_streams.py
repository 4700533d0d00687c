"""Standard streams that can be written to, however the process was started."""

import os
import sys


def ensure_open() -> None:
    """Open the null device in place of each standard stream that is closed, as after `>&-`.

    Otherwise the next file that is opened takes the number of the closed stream, and what is printed
    goes into that file.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            # The lowest free number is given, which is `number`, because those below it are open.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r+"))  # noqa: SIM115, PTH123
