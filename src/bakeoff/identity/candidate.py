"""A candidate is a config without its seed and fold: the overrides that describe it."""

from collections.abc import Iterable

from bakeoff.identity.run_id import AFTER_TRAINING, REPLICATE_KEYS

FOLD = "data.fold"


def candidate_overrides(overrides: Iterable[str]) -> list[str]:
    """The overrides of a run that are the candidate's: all but seed and fold, however they were typed, and
    but those that decide no training.
    """
    return [o for o in overrides if key_of(o) not in REPLICATE_KEYS and decides(key_of(o))]


def candidate_words(overrides: Iterable[str], model: str) -> list[str]:
    """The words that describe a candidate: the choice of the model, then what else was overridden."""
    others = [o.lstrip("+") for o in candidate_overrides(overrides) if key_of(o) != "model"]
    return [model, *others]


def fold_of(overrides: Iterable[str]) -> str:
    """The override that names the fold of the data, empty without folds."""
    return next((o for o in overrides if key_of(o) == FOLD), "")


def key_of(override: str) -> str:
    """The key that an override sets or deletes."""
    return override.split("=")[0].lstrip("+~")


def decides(key: str) -> bool:
    """Whether a key decides the training: Hydra's own settings and the selection's do not."""
    return not is_of_hydra(key) and not is_of_selection(key)


def is_of_hydra(override: str) -> bool:
    """Whether an override, or its key, is one of Hydra's own settings."""
    return key_of(override).startswith(("hydra.", "hydra/"))


def is_of_selection(key: str) -> bool:
    """Whether a key says what is made of the finished runs."""
    return key.split(".")[0] in AFTER_TRAINING
