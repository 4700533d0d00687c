"""The record of a run as it is when the run begins."""

from collections.abc import Mapping, Sequence
from typing import Any

from bakeoff.identity.identity import Identity
from bakeoff.run.parts.part_of_data import part_of_data
from bakeoff.store.record import Metric, RunRecord


def new_record(config: Mapping[str, Any], of: Identity, overrides: Sequence[str]) -> RunRecord:
    """The record of the run `of`, which trains `config`."""
    metric = config["task"]["metric"]
    return RunRecord(
        id=of.run,
        status="running",
        experiment=config["experiment"],
        task=config["task"]["name"],
        candidate=of.name,
        candidate_id=of.candidate,
        role=of.role,
        overrides=list(overrides),
        seed=config["seed"],
        metric=Metric(metric["name"], metric["direction"]),
        max_epochs=config["trainer"]["max_epochs"],
        part=part_of_data(config["trainer"]),
    )
