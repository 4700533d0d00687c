"""A Slurm of one node on loopback, from files in a folder of its own, without accounting."""

import os
import secrets
import shutil
import socket
import subprocess
import time
from pathlib import Path

DAEMONS = {name: shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
           for name in ("munged", "slurmctld", "slurmd")}  # fmt: skip
START_S = 120
CONF = """
ClusterName=here
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={node}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.sock
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
ReturnToService=2
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def missing() -> str | None:
    """Why this machine cannot start one; None where it can."""
    absent = [name for name, path in DAEMONS.items() if path is None]
    if absent:
        return f"needs {', '.join(absent)}: apt-get install slurm-wlm munge"
    return None if os.geteuid() == 0 else "needs root to start Slurm"


class SlurmDoesNotStartError(Exception):
    """A daemon of Slurm ended, or does not answer; the message holds what it printed."""


class OneNodeSlurm:
    """Runs from its making to `stop`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("state", "spool"):
            (folder / name).mkdir()
        key = folder / "munge.key"
        key.touch(mode=0o600)
        key.write_bytes(secrets.token_bytes(64))
        host = socket.gethostname().partition(".")[0]
        controller, node = _free_ports(2)
        conf = CONF.format(folder=folder, host=host, controller=controller, node=node)
        (folder / "slurm.conf").write_text(conf)
        self.environment = {"SLURM_CONF": str(folder / "slurm.conf")}
        self._daemons: list[subprocess.Popen[bytes]] = []
        try:
            files = {
                "key-file": key,
                "socket": folder / "munge.sock",
                "pid-file": folder / "munged.pid",
            }
            files |= {"seed-file": folder / "munged.seed", "log-file": folder / "munged.log"}
            given = [f"--{name}={path}" for name, path in files.items()]
            self._start("munged", "--foreground", "--force", *given)
            self._wait_for(lambda: (folder / "munge.sock").exists())
            self._start("slurmctld", "-D", "-i")
            self._start("slurmd", "-D")
            self._wait_for(lambda: self.command("sinfo", "--noheader", "--format=%T") == "idle")
        except BaseException:
            self.stop()
            raise

    def command(self, *words: str) -> str:
        """What a command of Slurm prints."""
        environment = {**os.environ, **self.environment}
        done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60)
        return done.stdout.strip()

    def jobs(self, *states: str) -> list[str]:
        """The ids of the jobs that have not ended."""
        among = [f"--states={','.join(states)}"] if states else []
        return self.command("squeue", "--noheader", "--array", "--format=%i", *among).split()

    def stop(self) -> None:
        """End all jobs and all daemons."""
        if len(self._daemons) == len(DAEMONS):
            deadline = time.monotonic() + 60
            while (left := self.jobs()) and time.monotonic() < deadline:
                self.command("scancel", "--full", "--signal=KILL", *left)
                self.command("scancel", *left)
                time.sleep(0.5)
        for daemon in reversed(self._daemons):
            daemon.terminate()
            try:
                daemon.wait(20)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()

    def _start(self, name: str, *words: str) -> None:
        """Start a daemon that ends with this process, however that ends."""
        with (self.folder / f"{name}.out").open("wb") as out:
            self._daemons.append(
                subprocess.Popen(
                    ["setpriv", "--pdeathsig", "KILL", DAEMONS[name], *words],
                    env={**os.environ, **self.environment},
                    stdout=out,
                    stderr=subprocess.STDOUT,
                )
            )

    def _wait_for(self, condition) -> None:
        deadline = time.monotonic() + START_S
        while not condition():
            if time.monotonic() > deadline or any(d.poll() is not None for d in self._daemons):
                said = "\n".join(path.read_text()[-2000:] for path in self.folder.glob("*.out"))
                raise SlurmDoesNotStartError(f"Slurm does not start on this machine:\n{said}")
            time.sleep(0.1)


def _free_ports(count: int) -> list[int]:
    """Ports that nothing listens to."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()
