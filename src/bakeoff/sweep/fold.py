"""Which fold of the data a run is of."""

from collections.abc import Iterator

from omegaconf import DictConfig, OmegaConf

from bakeoff.identity.candidate import FOLD


def fold_mistakes(config: DictConfig) -> Iterator[str]:
    """A line where the fold follows another key: runs on different data would look like seeds, or like
    candidates.
    """
    section, _, key = FOLD.partition(".")
    data = config.get(section)
    if OmegaConf.is_dict(data) and key in data and OmegaConf.is_interpolation(data, key):
        reference = OmegaConf.to_container(data, resolve=False)[key]
        yield (
            f"{FOLD}={reference}: expected a number: the folds of each candidate are {FOLD}=range(5), and "
            "another key does not tell them apart"
        )
