"""Commands of bakeoff's, one after the other in one process: `python commands.py CASES.json RESULTS.json`.

A case is [name, folder, words]; its result is [name, exit status, seconds, what it printed].
"""

import contextlib
import io
import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path

from bakeoff.cli import main

LIMIT_S = 30


class TookTooLongError(BaseException):
    """A command that does not end."""


def end(*_):
    """What SIGALRM does."""
    raise TookTooLongError


def result(folder, words):
    """The status of a command, and what it printed."""
    os.chdir(folder)
    printed, status = io.StringIO(), 0
    signal.signal(signal.SIGALRM, end)
    signal.alarm(LIMIT_S)
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            main(words)
        except SystemExit as error:
            status = error.code
        except TookTooLongError:
            status = "endless"
        except BaseException:
            status = "traceback"
            traceback.print_exc()
        finally:
            signal.alarm(0)
    return status, printed.getvalue()


if __name__ == "__main__":
    import bakeoff.bake_off
    import bakeoff.use.predict  # noqa: F401 - an import that an alarm interrupts stays half done

    found = []
    for name, folder, words in json.loads(Path(sys.argv[1]).read_text()):
        begun = time.monotonic()
        status, printed = result(folder, words)
        found.append([name, status, round(time.monotonic() - begun, 2), printed])
        Path(sys.argv[2]).write_text(json.dumps(found))
