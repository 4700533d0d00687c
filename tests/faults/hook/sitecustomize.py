"""Python runs this at its start where the folder is on PYTHONPATH: a fault happens as BAKEOFF_FAULT says.

BAKEOFF_FAULT is MOMENT:WHAT:PATTERN, as during:driver:*/leaderboard.json. MOMENT: `before` a file is
written, `during`, when its new content lies beside its place, or `after`; with PATTERN#N the N-th time that
the process writes such a file. WHAT happens, once:

driver, job   the command, or the process that writes, gets the signal BAKEOFF_FAULT_SIGNAL (SIGKILL),
              BAKEOFF_FAULT_TIMES times (1), 20 ms apart
jobs          as `job`, and once in every process that writes such a file
disk          from then on the disk is full
clock         from then on the clock is a day behind
code          BAKEOFF_FAULT_CODE is executed, with `path` the file

BAKEOFF_FAULT_DONE names a file that is made when it happens. With BAKEOFF_CLOCK, seconds since 1970, time
stands still.
"""

import datetime
import errno
import importlib.util
import os
import sys
import time
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path

WATCHED = "bakeoff.store.atomic"
NOTICE_S = 0.5  # for a small run to hear that the command is gone, before it has trained to its end


def install():
    """Have the fault happen in this process, if the environment asks for one."""
    if "BAKEOFF_FAULT" not in os.environ:
        return
    os.environ.setdefault("BAKEOFF_DRIVER", str(os.getpid()))
    fault = Fault(*os.environ["BAKEOFF_FAULT"].split(":", 2))
    if WATCHED in sys.modules:
        fault.arm(sys.modules[WATCHED])
    else:
        sys.meta_path.insert(0, fault)


class Fault:
    """Finds the module that writes all files, and has it do so with a fault."""

    def __init__(self, moment, what, pattern):
        self.moment, self.what = moment, what
        self.pattern, _, number = pattern.partition("#")
        self.left = int(number or 1)
        self.notices = True

    def find_spec(self, name, path, target=None):
        if name != WATCHED:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            self.arm(module)

        spec.loader.exec_module = exec_module
        return spec

    def arm(self, module):
        write_with, append_line = module.write_with, module.append_line

        def faulty_write(path, write):
            def midway(temporary):
                write(temporary)
                self.happen("during", path)

            self.happen("before", path)
            write_with(path, midway)
            self.happen("after", path)

        def faulty_append(path, line):
            self.happen("before", path)
            try:
                self.happen("during", path)
            except OSError as error:
                raise module.BakeoffError(module._refused(path, error)) from None
            append_line(path, line)
            self.happen("after", path)

        module.write_with, module.append_line = faulty_write, faulty_append

    def happen(self, moment, path):
        done = Path(os.environ["BAKEOFF_FAULT_DONE"])
        if self.what == "disk" and moment == "during" and done.exists():
            raise full()
        if self.what == "driver" and self.notices and done.exists():
            self.notices = False
            time.sleep(NOTICE_S)
        if moment != self.moment or not fnmatch(str(path.absolute()), self.pattern):
            return
        self.left -= 1
        if self.left != 0:
            return
        try:
            done.touch(exist_ok=self.what == "jobs")
        except FileExistsError:
            return
        if self.what == "disk":
            raise full()
        if self.what == "code":
            exec(os.environ["BAKEOFF_FAULT_CODE"], {"path": path})
        if self.what not in ("driver", "job", "jobs"):
            return
        whom = int(os.environ["BAKEOFF_DRIVER"]) if self.what == "driver" else os.getpid()
        for _ in range(int(os.environ.get("BAKEOFF_FAULT_TIMES", "1"))):
            with suppress(ProcessLookupError):  # the command has ended before
                os.kill(whom, int(os.environ.get("BAKEOFF_FAULT_SIGNAL", "9")))
            time.sleep(0.02)


def full():
    """What writing to a full disk raises."""
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def change_clock():
    """Let Python's clocks be those of the fault."""
    true, done = time.time, os.environ["BAKEOFF_FAULT_DONE"]

    def now():
        if "BAKEOFF_CLOCK" in os.environ:
            return float(os.environ["BAKEOFF_CLOCK"])
        return true() - (86_400 if os.path.exists(done) else 0)

    class Datetime(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(now(), tz)

    # Pickled by the name of what it stands for.
    Datetime.__module__, Datetime.__qualname__, Datetime.__name__ = (
        "datetime",
        "datetime",
        "datetime",
    )
    time.time, time.time_ns = now, lambda: int(now() * 1e9)
    datetime.datetime = Datetime


if __name__ == "sitecustomize":
    if "BAKEOFF_CLOCK" in os.environ or ":clock:" in os.environ.get("BAKEOFF_FAULT", ""):
        change_clock()
    install()
