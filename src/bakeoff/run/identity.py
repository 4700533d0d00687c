"""Which run a run is, and of which candidate."""

from collections.abc import Sequence
from dataclasses import dataclass

from omegaconf import DictConfig

from bakeoff.run.candidate import candidate_words
from bakeoff.run.run_id import candidate_id, run_id


@dataclass(frozen=True)
class Identity:
    """`run` and `candidate` are digests of the config; `name` is what people call the candidate; `role` is
    that of the run in its sweep (`store.plan_file`).
    """

    run: str
    candidate: str
    name: str
    role: str = ""


def identity(config: DictConfig, overrides: Sequence[str], model: str) -> Identity:
    """The identity of a run that no plan has named: the name says all of its overrides."""
    name = " ".join(candidate_words(overrides, model))
    return Identity(run_id(config), candidate_id(config), name)
