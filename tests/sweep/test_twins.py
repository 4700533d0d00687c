"""Jobs that are the same run."""

from bakeoff.sweep.twins import SHOWN, twins


def test_both_jobs_are_named():
    jobs = [
        ("x", ["model=a", "seed=0"]),
        ("y", ["model=a", "seed=1"]),
        ("x", ["model=b", "seed=0"]),
    ]
    [line] = twins(jobs)
    assert "model=a seed=0 and model=b seed=0" in line


def test_a_job_without_an_identity_has_no_twin():
    assert twins([(None, ["seed=0"]), (None, ["seed=0"])]) == []


def test_many_twins_are_counted():
    found = twins([("x", [f"n={n}"]) for n in range(SHOWN + 4)])
    assert len(found) == SHOWN + 1 and found[-1] == "and 3 more such jobs"
