"""A candidate is a config without its seed and fold: the overrides that describe it."""

from collections.abc import Iterable

from bakeoff.run.run_id import REPLICATE_KEYS


def candidate_overrides(overrides: Iterable[str]) -> list[str]:
    """The overrides of a run that are the candidate's: all but seed and fold, however they were typed, and
    but Hydra's own settings.
    """
    return [o for o in overrides if key_of(o) not in REPLICATE_KEYS and not is_hydras(key_of(o))]


def candidate_words(overrides: Iterable[str], model: str) -> list[str]:
    """The words that describe a candidate: the choice of the model, then what else was overridden."""
    others = [o.lstrip("+") for o in candidate_overrides(overrides) if key_of(o) != "model"]
    return [model, *others]


def key_of(override: str) -> str:
    """The key that an override sets or deletes."""
    return override.split("=")[0].lstrip("+~")


def is_hydras(key: str) -> bool:
    """Whether a key is one of Hydra's own settings."""
    return key.startswith(("hydra.", "hydra/"))
