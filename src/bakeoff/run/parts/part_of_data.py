"""The settings of Lightning's trainer by which a run sees a part of its data only."""

from collections.abc import Mapping
from typing import Any

# They try whether a training runs through; no number of such a run is a result.
TRIALS = ("fast_dev_run", "overfit_batches")
TRAINING, VALIDATION = "limit_train_batches", "limit_val_batches"


def part_of_data(trainer: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the settings that leave a part of the data out; without any, a run sees all of it."""
    return {
        name: trainer[name] for name in (*TRIALS, TRAINING, VALIDATION) if _limits(trainer, name)
    }


def is_validated_in_part(trainer: Mapping[str, Any]) -> bool:
    """Whether a part of the validation split only is looked at."""
    return bool(part_of_data(trainer).keys() - {TRAINING})


def _limits(trainer: Mapping[str, Any], name: str) -> bool:
    value = trainer.get(name)
    if name in TRIALS:
        return bool(value)
    # 1.0 is all, 1 is one batch.
    return value is not None and not (isinstance(value, float) and value == 1.0)
