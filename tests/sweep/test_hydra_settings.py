"""Settings of Hydra's that would make a run unreadable are refused in the check."""

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.sweep.plan import plan

SUBDIR = "hydra.sweep.subdir=${hydra.job.num}"


@pytest.mark.parametrize(
    ("override", "multirun", "said"),
    [
        (SUBDIR, True, "hydra.sweep.subdir=.*: a run's folder is named by its id"),
        ("hydra.output_subdir=null", False, "hydra.output_subdir=None: a run is read back"),
        ("hydra.output_subdir=notes", True, "hydra.output_subdir=notes: a run is read back"),
        ("hydra.job.chdir=true", False, "hydra.job.chdir=true: files of a config"),
        ("hydra.launcher.n_jobs=0", True, "hydra.launcher.n_jobs=0: expected 1 or more, or null"),
        (
            "hydra.launcher.jobs_per_gpu=-1",
            True,
            "hydra.launcher.jobs_per_gpu=-1: expected 1 or more",
        ),
    ],
)
def test_what_cannot_be_honoured_is_refused_by_name(override, multirun, said):
    with pytest.raises(BakeoffError, match=said):
        plan("config", [override], multirun=multirun)


@pytest.mark.parametrize(
    "overrides",
    [
        ["hydra.verbose=true"],
        ["hydra/launcher=basic"],
        ["hydra/job_logging=none", "hydra/hydra_logging=disabled"],
        ["hydra.sweep.dir=elsewhere"],
        ["hydra.job.name=mine"],
    ],
)
def test_what_can_be_honoured_passes(overrides):
    assert len(plan("config", [*overrides, "seed=0,1"], multirun=True).jobs) == 2


def test_a_single_run_has_no_folder_within_a_sweep():
    assert plan("config", [SUBDIR]).jobs
