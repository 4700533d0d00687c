"""Which run a run is, and of which candidate."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from omegaconf import DictConfig

from bakeoff.identity.candidate import candidate_words
from bakeoff.identity.code_digest import Code
from bakeoff.identity.run_id import candidate_id, run_id


@dataclass(frozen=True)
class Identity:
    """`run` and `candidate` are digests of the config; `name` is what people call the candidate; `role` is
    that of the run in its sweep (`store.plan_file`). `code` is what trains it, None where nobody has looked
    for it yet.
    """

    run: str
    candidate: str
    name: str
    role: str = ""
    code: Code | None = field(default=None, compare=False)


def identity(config: DictConfig, overrides: Sequence[str], model: str) -> Identity:
    """The identity of a run that no plan has named: the name says all of its overrides."""
    name = " ".join(candidate_words(overrides, model))
    return Identity(run_id(config), candidate_id(config), name)
