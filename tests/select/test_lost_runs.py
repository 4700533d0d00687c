"""What a sweep says of its runs that did not complete."""

import pytest

from bakeoff.select.lost_runs import lost_runs
from bakeoff.select.ranking import select
from bakeoff.store.record import Metric, RunRecord


def board(*statuses):
    runs = [
        RunRecord(f"r{seed}", status, "e", "t", "mlp", [], seed, Metric("loss", "min", 0.5))
        for seed, status in enumerate(statuses)
    ]
    return select(runs)


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        (("completed", "failed", "diverged"),
         "2 of 3 runs did not complete: 1 failed, 1 diverged. "
         "`bakeoff resume outputs/e/1 --failed` trains them"),
        (("completed", "failed", "interrupted"),
         "2 of 3 runs did not complete: 1 failed, 1 interrupted. "
         "`bakeoff resume outputs/e/1` trains them"),
        (("completed", "completed"), ""),
    ],
)  # fmt: skip
def test_what_is_lost_and_what_trains_it(tmp_path, monkeypatch, statuses, said):
    monkeypatch.chdir(tmp_path)
    assert lost_runs(tmp_path / "outputs" / "e" / "1", board(*statuses)) == said
