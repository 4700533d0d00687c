"""What launchers know of a job besides its config: its directory, its name, and how it ended."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from hydra.core.utils import JobReturn, JobStatus
from omegaconf import DictConfig, OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.store import record
from bakeoff.store.record import RunRecord
from bakeoff.sweep.compose.names import distinguishing


@dataclass(frozen=True)
class LaunchedJob:
    """A job as launchers see it: its config is composed when it starts, and not kept, because that of a
    thousand jobs takes seconds and much memory.

    `sections` are those of the config, resolved, without Hydra's own settings. `record` makes the run's
    record as it is at the beginning, None where the job is no run of a plan.
    """

    overrides: Sequence[str]
    run_dir: Path
    sections: Mapping[str, Any]
    compose: Callable[[], DictConfig]
    record: Callable[[], RunRecord] | None = None


def whole(config: DictConfig) -> LaunchedJob:
    """A job whose config is composed already."""
    parts = OmegaConf.masked_copy(config, [key for key in config if key != "hydra"])
    sections = OmegaConf.to_container(parts, resolve=True)
    return LaunchedJob(overrides_of(config), run_dir_of(config), sections, partial(_same, config))


def _same(config: DictConfig) -> DictConfig:
    return config


def run_dir_of(config: DictConfig) -> Path:
    """The directory that Hydra will make for a job; its name may depend on the whole config."""
    HydraConfig.instance().set_config(config)
    return Path(config.hydra.sweep.dir, config.hydra.sweep.subdir).resolve()


def overrides_of(config: DictConfig) -> list[str]:
    """The overrides that a job was composed with."""
    return OmegaConf.to_container(config.hydra.overrides.task)


def labels(jobs: Sequence[LaunchedJob]) -> list[str]:
    """What a job without a record is called: its overrides, without those that all jobs share."""
    overrides = [list(job.overrides) for job in jobs]
    return distinguishing(overrides) if len(overrides) > 1 else [" ".join(o) for o in overrides]


def failed(job: LaunchedJob, reason: str) -> JobReturn:
    """The return of a job that could not say itself that it failed; its record says so from now on."""
    close_record(job.run_dir, "failed", reason)
    return incomplete(job)


def stalled(job: LaunchedJob, reason: str) -> JobReturn:
    """As `failed`, of a job that was killed because it did nothing, be it before it had a record."""
    if job.record is not None and not (job.run_dir / record.FILE_NAME).exists():
        with suppress(BakeoffError):  # on a full disk, say
            job.record().write(job.run_dir)
    return failed(job, reason)


def incomplete(job: LaunchedJob) -> JobReturn:
    """The return of a job that did not complete, or never started."""
    returned = JobReturn(list(job.overrides), status=JobStatus.FAILED)
    # A sweeper raises it after the last job: the command ends with status 1, without a traceback.
    returned.return_value = SystemExit(1)
    return returned


def close_record(
    run_dir: Path, status: record.Status, error: str, of: Collection[record.Status] = ("running",)
) -> None:
    """Note how a run ended that could not note it itself, where its record has one of the statuses `of`.

    A run without a record stays without one: the sweep's plan tells that it is missing. So does a
    record that cannot be written, as on a full disk, say `running`.
    """
    try:
        run = record.read(run_dir)
        if run.status in of:
            run.status, run.error = status, error
            run.write(run_dir)
    except BakeoffError:
        return


def record_of(run_dir: Path) -> RunRecord | None:
    """The record in a job's directory; None where there is none, or not one of bakeoff's."""
    try:
        return record.read(run_dir)
    except BakeoffError:
        return None
