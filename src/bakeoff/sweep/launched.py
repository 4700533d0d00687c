"""What launchers know of a job besides its config: its directory, its name, and how it ended."""

from collections.abc import Collection, Sequence
from pathlib import Path

from hydra.core.hydra_config import HydraConfig
from hydra.core.utils import JobReturn, JobStatus
from omegaconf import DictConfig, OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.store import record
from bakeoff.sweep.names import distinguishing


def run_dir_of(config: DictConfig) -> Path:
    """The directory that Hydra will make for a job; its name may depend on the whole config."""
    HydraConfig.instance().set_config(config)
    return Path(config.hydra.sweep.dir, config.hydra.sweep.subdir).resolve()


def overrides_of(config: DictConfig) -> list[str]:
    """The overrides that a job was composed with."""
    return OmegaConf.to_container(config.hydra.overrides.task)


def labels(configs: Sequence[DictConfig]) -> list[str]:
    """What a job without a record is called: its overrides, without those that all jobs share."""
    overrides = [overrides_of(config) for config in configs]
    return distinguishing(overrides) if len(overrides) > 1 else [" ".join(o) for o in overrides]


def failed(config: DictConfig, run_dir: Path, reason: str) -> JobReturn:
    """The return of a job that could not say itself that it failed; its record says so from now on."""
    close_record(run_dir, "failed", reason)
    return incomplete(config)


def incomplete(config: DictConfig) -> JobReturn:
    """The return of a job that did not complete, or never started."""
    job = JobReturn(overrides_of(config), config, status=JobStatus.FAILED)
    # A sweeper raises it after the last job: the command ends with status 1, without a traceback.
    job.return_value = SystemExit(1)
    return job


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
