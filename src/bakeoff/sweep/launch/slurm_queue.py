"""What Slurm's queue says of jobs, by `squeue`: unlike `sacct`, it answers without accounting."""

import os
import subprocess
import time
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

LOOK_S = 10.0  # between two looks at the queue, which all users of the cluster share
ANSWER_S = 60.0  # for the queue to answer
RESULT_S = 10.0  # for what a job has written last to be seen on this machine
ENDED = {"BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY"}
ENDED |= {"PREEMPTED", "REVOKED", "TIMEOUT"}
GONE = "no longer in the queue"
BY_ITSELF = ("COMPLETED", "FAILED", GONE)  # how a job ends that may have written a result
FORMAT = "%i|%T|%r"  # id, state, and why a job waits


@dataclass(frozen=True)
class _Seen:
    state: str = "PENDING"
    reason: str = "None"
    ended_at: float | None = None  # by this machine's clock


class SlurmQueue:
    """The jobs that were added, by their ids, as `12`, or `12_3` in an array."""

    def __init__(self) -> None:
        self._jobs: dict[str, _Seen] = {}
        self._looked = float("-inf")
        self.trouble: str | None = None  # why the queue did not answer the last time

    def add(self, ids: Collection[str]) -> None:
        """Watch these jobs, which were handed to Slurm just now."""
        self._jobs |= dict.fromkeys(ids, _Seen())

    def forget(self, id_: str) -> None:
        """Watch a job no longer."""
        del self._jobs[id_]

    def has_ended(self, id_: str) -> bool:
        """Whether a job ended so long ago that what it has written is seen."""
        self._look(LOOK_S)
        job = self._jobs[id_]
        if job.ended_at is None or job.state not in BY_ITSELF:
            return job.ended_at is not None
        return time.monotonic() - job.ended_at > RESULT_S

    def state(self, id_: str) -> str:
        """The state that a job was seen in last, in Slurm's words."""
        return self._jobs[id_].state

    def reasons(self) -> Counter[str]:
        """Why jobs wait, in Slurm's words, and how many."""
        return Counter(
            job.reason
            for job in self._jobs.values()
            if job.state == "PENDING" and job.reason != "None"
        )

    def left(self, ids: Collection[str]) -> list[str]:
        """Those of the jobs that have not ended."""
        listed = self._listed()
        return [id_ for id_ in ids if id_ in listed and listed[id_].ended_at is None]

    def cancel(self, ids: Sequence[str], wait_s: float) -> None:
        """Cancel these jobs, and wait so long for them to end."""
        if not ids:
            return
        subprocess.run(["scancel", *ids], stderr=subprocess.DEVNULL, check=False)
        until = time.monotonic() + wait_s
        while self.left(ids) and time.monotonic() < until:
            time.sleep(1)

    def _look(self, every_s: float) -> None:
        now = time.monotonic()
        if now - self._looked < every_s:
            return
        self._looked = now
        listed = self._listed()
        if self.trouble is not None:
            return
        for id_, before in self._jobs.items():
            if before.ended_at is None:
                self._jobs[id_] = listed.get(id_, _Seen(GONE, ended_at=now))

    def _listed(self) -> dict[str, _Seen]:
        """The jobs of this user that the queue lists: it forgets them some minutes after their end."""
        command = ["squeue", "--noheader", "--all", "--array", "--states=all"]
        command += [f"--user={os.getuid()}", f"--format={FORMAT}"]
        try:
            answer = subprocess.run(
                command, capture_output=True, text=True, timeout=ANSWER_S, check=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            said = (getattr(error, "stderr", None) or str(error)).strip()
            self.trouble = said.splitlines()[-1]
            return {}
        self.trouble = None
        now, found = time.monotonic(), {}
        for line in answer.stdout.splitlines():
            id_, state, reason = line.strip().split("|", 2)
            found[id_] = _Seen(state, reason, now if state in ENDED else None)
        return found
