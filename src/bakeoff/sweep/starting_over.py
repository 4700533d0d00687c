"""Runs of a sweep that code of another moment began or completed."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from bakeoff.errors import BakeoffError
from bakeoff.identity.code_digest import changed, code_of, other_versions
from bakeoff.identity.identity import Identity
from bakeoff.store import record
from bakeoff.store.record import RunRecord
from bakeoff.sweep.compose.jobs import Job


def changed_since(runs: Iterable[RunRecord]) -> list[str]:
    """The modules of the user's own, and the packages, that completed runs were trained by and that are
    others now.
    """
    done = [run for run in runs if run.status == "completed"]
    modules = {pair for run in done for pair in run.modules.items()}
    packages = {pair for run in done for pair in run.packages.items()}
    return [
        *sorted({name for pair in modules for name in changed(dict([pair]))}),
        *sorted({words for pair in packages for words in other_versions(dict([pair]))}),
    ]


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
