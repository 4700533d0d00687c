"""The baselines of a sweep are fitted.

They run after the sweep, because they would disturb the times of the candidates: side by side, each in a
process of its own, which may fail alone. Their records are in the folder `baselines` of the sweep.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread

from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.gate.error_text import RECORDED_TRACEBACK, bounded, bounded_traceback
from bakeoff.run.baseline import measure_baseline
from bakeoff.run.failure import ending
from bakeoff.store import paths, record
from bakeoff.store.record import RunRecord
from bakeoff.sweep.launch.job import end_with_parent
from bakeoff.sweep.launch.job_log import redirect_output
from bakeoff.sweep.launch.planned_baselines import PlannedBaseline, jobs_of, planned_baselines
from bakeoff.sweep.launch.process_end import death, wait_or_kill
from bakeoff.sweep.launch.start_method import start_method, take_sigterm
from bakeoff.sweep.slots import cpu_places

GRACE_S = 5  # for a process that is ended to leave


@dataclass
class _Running:
    planned: PlannedBaseline
    process: BaseProcess
    started: float = field(default_factory=time.monotonic)


def fit_baselines(sweep_dir: Path) -> Iterator[RunRecord]:
    """Fit the baselines of a sweep that are not fitted yet, and give the record of each when it is done.

    A baseline that fails, dies or takes longer than `limits.baseline_seconds` has a record that says so; a
    damaged plan or record of the sweep raises BakeoffError.
    """
    folder = sweep_dir / paths.BASELINES
    waiting = [one for one in planned_baselines(jobs_of(sweep_dir)) if not _is_done(folder, one)]
    if not waiting:
        return
    processes, most = start_method(), cpu_places([waiting[0].config])
    running: list[_Running] = []
    try:
        while waiting or running:
            while waiting and len(running) < most:
                planned = waiting.pop(0)
                run_dir = (folder / planned.record.id).resolve()
                planned.record.write(run_dir)
                arguments = (run_dir, OmegaConf.to_yaml(planned.config), planned.record)
                process = processes.Process(target=_work, args=arguments, daemon=True)
                process.start()
                running.append(_Running(planned, process))
            wait([one.process.sentinel for one in running], timeout=0.1)
            for one in [one for one in running if _has_ended(one)]:
                running.remove(one)
                yield _outcome(folder / one.planned.record.id, one)
    finally:
        for one in running:
            _end(one.process)


def _is_done(folder: Path, planned: PlannedBaseline) -> bool:
    try:
        return record.read(folder / planned.record.id).status == "completed"
    except BakeoffError:
        return False


def _work(run_dir: Path, config: str, run: RunRecord) -> None:
    """Fit one baseline in this process, and write its record."""
    take_sigterm()
    Thread(target=end_with_parent, daemon=True).start()
    redirect_output(run_dir)
    try:
        measure_baseline(OmegaConf.create(config), run.candidate, run)
        run.status = "completed"
    except Exception as error:  # an object of the user's own can raise anything
        run.status, run.error = ending(error)
        run.traceback = bounded(bounded_traceback(error), RECORDED_TRACEBACK)
    run.write(run_dir)


def _has_ended(one: _Running) -> bool:
    """Whether its process has ended; one that takes too long is ended."""
    if _is_late(one):
        _end(one.process)
    return not one.process.is_alive()


def _is_late(one: _Running) -> bool:
    limit = one.planned.config.limits.baseline_seconds
    return limit is not None and time.monotonic() - one.started > limit


def _outcome(run_dir: Path, one: _Running) -> RunRecord:
    """The record of a baseline whose process has ended, closed where the process could not do that."""
    one.process.join()
    run = record.read(run_dir)
    if run.status == "running":
        run.status = "failed"
        limit = one.planned.config.limits.baseline_seconds
        run.error = (
            f"not done within {limit} s: fit it to fewer examples (at_most), or raise "
            "limits.baseline_seconds"
            if _is_late(one)
            else death(one.process.exitcode)
        )
        run.write(run_dir)
    return run


def _end(process: BaseProcess) -> None:
    process.terminate()
    wait_or_kill(process, GRACE_S)
