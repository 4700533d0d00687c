"""What Slurm is asked for, and what is said of the jobs that it lost."""

import sys
from types import SimpleNamespace

import pytest

from bakeoff.errors import BakeoffError

pytest.importorskip("submitit", reason="needs submitit: pip install 'bakeoff[slurm]'")
from bakeoff.sweep.launch.submitit_clusters import Slurm

GIVEN = {"timeout_min": 60, "slurm_signal_delay_s": 120}


def test_the_worker_is_the_first_process_of_its_job_and_slurm_starts_none_again():
    own = {"mail-type": "FAIL"}
    options, parameters = Slurm().settings({**GIVEN, "slurm_additional_parameters": own})
    assert options == {"slurm_python": f"exec {sys.executable}"}
    assert parameters["slurm_use_srun"] is False
    assert parameters["slurm_additional_parameters"] == {
        "signal": "B:USR2@120",
        "no-requeue": True,
        "mail-type": "FAIL",
    }


def test_a_job_that_is_told_to_end_before_it_begins_is_refused():
    with pytest.raises(BakeoffError, match=r"timeout_min=3 .*_delay_s=120.*more than 3 minutes"):
        Slurm().settings({**GIVEN, "timeout_min": 3})
    Slurm().settings({**GIVEN, "timeout_min": 4})


@pytest.mark.parametrize(
    ("state", "is_final", "said"),
    [
        ("CANCELLED", True, "it was cancelled (Slurm job 7_1: CANCELLED)"),
        ("OUT_OF_MEMORY", True, "ask for more with hydra.launcher.mem_gb"),
        ("NODE_FAIL", False, "its machine was lost (Slurm job 7_1: NODE_FAIL; its log is 7_1.err)"),
        ("TIMEOUT", False, "Slurm job 7_1: TIMEOUT"),
        ("PREEMPTED", False, "Slurm job 7_1: PREEMPTED"),
    ],
)
def test_a_lost_job_starts_again_unless_that_would_change_nothing(state, is_final, said):
    slurm = Slurm()
    slurm._queue = SimpleNamespace(state={"7_1": state}.get)
    lost = slurm.lost(SimpleNamespace(job_id="7_1", paths=SimpleNamespace(stderr="7_1.err")))
    assert lost.refusal is is_final and said in lost.reason


def test_what_keeps_jobs_waiting_is_said():
    slurm = Slurm()
    slurm._queue = SimpleNamespace(reasons=lambda: {"PartitionConfig": 3}, trouble="no controller")
    assert slurm.news() == {
        "PartitionConfig": "jobs that wait in Slurm's queue: 3 (PartitionConfig)",
        "no controller": "Slurm's queue does not answer, and is asked again: no controller",
    }
