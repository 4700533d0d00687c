"""Runs of a sweep that have checkpoints and do not go on from them."""

from collections.abc import Sequence
from pathlib import Path

from bakeoff.errors import BakeoffError
from bakeoff.identity.code_digest import code_of
from bakeoff.identity.identity import Identity
from bakeoff.store import record
from bakeoff.sweep.compose.jobs import Job


def starting_over(sweep_dir: Path, jobs: Sequence[Job], known: Sequence[Identity]) -> list[str]:
    """The ids of those of `jobs`, whose identities are `known`, that had begun with code, or with packages
    that it imports, which have changed since.
    """
    return [
        identity.run
        for job, identity in zip(jobs, known, strict=True)
        if _began_otherwise(sweep_dir / identity.run, job, identity)
    ]


def _began_otherwise(run_dir: Path, job: Job, identity: Identity) -> bool:
    try:
        run = record.read(run_dir)
    except BakeoffError:  # none, or a damaged one
        return False
    if run.status not in record.GOES_ON or not any(run_dir.glob("checkpoints/*.ckpt")):
        return False
    return run.code != (identity.code or code_of(job.config)).digest()
