"""Writes down what a process does to the world, where BAKEOFF_WATCHED names a file: a line of JSON for each
place written, process started and connection made. Python calls it before anything else runs.
"""

import json
import os
import sys

CHANGES = {
    *("os.mkdir", "os.remove", "os.rmdir", "os.rename", "os.link", "os.symlink", "os.truncate"),
    *("os.chmod", "os.chown", "os.utime", "os.setxattr", "os.removexattr"),
}
PROCESSES = {
    *("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile"),
    *("os.fork", "os.forkpty", "pty.spawn", "os.kill", "os.killpg"),
}
CONNECTIONS = {"socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo"}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def watch(file):
    """Log to `file` from now on; a hook cannot be removed."""
    log = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def place(path):
        if isinstance(path, int):
            return f"/descriptor/{path}"
        # The folder's links are followed, the name's own is not: it is what is made or removed.
        folder, name = os.path.split(os.path.abspath(os.fsdecode(path)))
        return os.path.join(os.path.realpath(folder), name)

    def say(kind, what):
        os.write(log, (json.dumps([kind, what]) + "\n").encode())

    def hook(event, arguments):
        if event == "open":
            path, _, flags = arguments
            if flags & WRITES and not isinstance(path, int):
                follows = not flags & getattr(os, "O_NOFOLLOW", 0)
                say("write", os.path.realpath(os.fsdecode(path)) if follows else place(path))
        elif event in CHANGES:
            ends = arguments[:2] if event in ("os.rename", "os.link") else arguments[:1]
            ends = arguments[1:2] if event == "os.symlink" else ends
            for path in ends:
                say("write", place(path))
        elif event in PROCESSES:
            say("process", f"{event} {arguments[:2]!r}")
        elif event in CONNECTIONS:
            say("connection", f"{event} {arguments[1:]!r}")

    sys.addaudithook(hook)


if "BAKEOFF_WATCHED" in os.environ:
    watch(os.environ["BAKEOFF_WATCHED"])
