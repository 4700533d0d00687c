"""A candidate is a config without its seed and fold: the overrides that describe it."""

from collections.abc import Iterable

from bakeoff.run.run_id import REPLICATE_KEYS


def candidate_overrides(overrides: Iterable[str]) -> list[str]:
    """The overrides of a run that are the candidate's: all but seed and fold, however they were typed, and
    but Hydra's own settings.
    """
    return [o for o in overrides if _key(o) not in REPLICATE_KEYS and not _is_hydras(_key(o))]


def candidate_words(overrides: Iterable[str], model: str) -> list[str]:
    """The words that describe a candidate: the choice of the model, then what else was overridden."""
    others = [o.lstrip("+") for o in candidate_overrides(overrides) if _key(o) != "model"]
    return [model, *others]


def _key(override: str) -> str:
    return override.split("=")[0].lstrip("+~")


def _is_hydras(key: str) -> bool:
    return key.startswith(("hydra.", "hydra/"))
