"""A sweep through submitit, with processes of this machine in place of Slurm's jobs."""

import os
import signal
import time
from pathlib import Path

import pytest
from tests.sweep.lost_workers import LONG, descendants, numbers, output_of

from bakeoff.errors import BakeoffError
from bakeoff.store import record
from bakeoff.sweep.launch import job_log

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("cluster")]
pytest.importorskip("submitit", reason="needs submitit: pip install 'bakeoff[slurm]'")


def test_a_lost_worker_costs_no_result_and_doubles_none(workplace):
    outputs = workplace.folder / "outputs" / "tiny"
    process = workplace.start("run", "tiny", *LONG, "hydra/launcher=submitit_local")
    deadline = time.monotonic() + 300
    worker = None
    while worker is None:
        runs = {path.parent: record.read(path.parent) for path in outputs.glob("2*/*/run.json")}
        logs = [
            run_dir.resolve() / job_log.NAME
            for run_dir, run in runs.items()
            if run.status == "running" and run.epochs > 1
        ]
        worker = next((p for p in descendants(process.pid) if is_worker(p, logs)), None)
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)
    for lost in [worker, *descendants(worker)]:
        os.kill(lost, signal.SIGKILL)
    _, err = process.communicate(timeout=500)
    assert process.returncode == 0, err
    sweep = (outputs / "latest").resolve()
    found = numbers(sweep)
    assert len(found) == 4 and {status for status, *_ in found.values()} == {"completed"}
    assert sum("goes on from" in p.read_text() for p in sweep.glob("*/output.log")) == 1

    done = workplace.run("run", "tiny", *LONG, "--fresh")
    assert done.returncode == 0, done.stderr
    assert numbers((outputs / "latest").resolve()) == found


def is_worker(process: int, logs: list[Path]) -> bool:
    """Whether it is a worker of submitit whose job prints to one of the logs."""
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    printing = [process, *descendants(process)]
    return b"submitit.core._submit" in words and any(output_of(p) in logs for p in printing)


MINUTES = {"timeout_min": 60, "slurm_signal_delay_s": 90}


def test_slurm_that_is_not_there_is_said(tmp_path, monkeypatch):
    from bakeoff.sweep.launch.on_submitit import SubmititEngine

    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BakeoffError, match=r"submitit, slurm\): Could not detect .srun"):
        SubmititEngine("slurm", tmp_path, 1, None, MINUTES)
