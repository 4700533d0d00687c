"""A run that has a candidate with settings, and a seed."""

from bakeoff.store.record import Metric, RunRecord

RUN = RunRecord(
    id="aaaaaaaaaaaa",
    status="running",
    experiment="e",
    task="t",
    candidate="lenet5/deep optimizer.lr=0.003",
    overrides=["model=lenet5/deep", "optimizer.lr=0.003", "seed=1"],
    seed=1,
    metric=Metric("accuracy", "max"),
)
