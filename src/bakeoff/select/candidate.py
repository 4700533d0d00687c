"""A candidate is a config without its seed: how overrides name it."""

from collections.abc import Iterable, Sequence

REPLICATE_KEYS = ("seed", "data.fold")  # what tells the runs of one candidate apart


def candidate_overrides(overrides: Iterable[str]) -> list[str]:
    """The overrides of a run that are the candidate's: all but seed and fold of the data."""
    return [override for override in overrides if override.split("=")[0] not in REPLICATE_KEYS]


def candidate_name(overrides: Iterable[str], model: str) -> str:
    """The model's name and what else was overridden: `lenet5/deep optimizer.lr=0.003`."""
    others = [o for o in candidate_overrides(overrides) if not o.startswith("model=")]
    return " ".join([model, *others])


def short_names(names: Sequence[str]) -> list[str]:
    """Names without the words that all of them share; unchanged where that leaves one empty."""
    words = [name.split(" ") for name in names]
    shared = set.intersection(*map(set, words)) if len(words) > 1 else set(words[0][1:])
    short = [" ".join(word for word in parts if word not in shared) for parts in words]
    return short if all(short) and len(set(short)) == len(set(names)) else list(names)
