"""Python runs this at its start where the folder is on PYTHONPATH: kills a process as BAKEOFF_FAULT says.

BAKEOFF_FAULT is MOMENT:WHOM:PATTERN, as during:driver:*/leaderboard.json. MOMENT: `before` a file is
written, `during`, when its new content lies beside its place, or `after`. WHOM: `driver`, the command, or
`job`, the process that writes. It happens once: BAKEOFF_FAULT_DONE names a file that is made then. With
`during:disk:PATTERN` nobody is killed: from then on the disk is full.
"""

import errno
import importlib.util
import os
import sys
from fnmatch import fnmatch
from pathlib import Path

WATCHED = "bakeoff.store.atomic"


class Fault:
    """Finds the module that writes all files, and has it do so with a fault."""

    def __init__(self, moment, whom, pattern):
        self.moment, self.whom, self.pattern = moment, whom, pattern

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
            append_line(path, line)
            self.happen("after", path)

        module.write_with, module.append_line = faulty_write, faulty_append

    def happen(self, moment, path):
        done = Path(os.environ["BAKEOFF_FAULT_DONE"])
        if self.whom == "disk" and moment == "during" and done.exists():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if moment != self.moment or not fnmatch(str(path.absolute()), self.pattern):
            return
        try:
            done.touch(exist_ok=False)
        except FileExistsError:
            return
        if self.whom == "disk":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        whom = os.getpid() if self.whom == "job" else int(os.environ["BAKEOFF_DRIVER"])
        os.kill(whom, int(os.environ.get("BAKEOFF_FAULT_SIGNAL", "9")))


if "BAKEOFF_FAULT" in os.environ:
    os.environ.setdefault("BAKEOFF_DRIVER", str(os.getpid()))
    sys.meta_path.insert(0, Fault(*os.environ["BAKEOFF_FAULT"].split(":", 2)))
