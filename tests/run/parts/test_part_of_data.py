"""Settings by which a run sees a part of its data."""

import pytest

from bakeoff.run.parts.part_of_data import is_validated_in_part, part_of_data

WHOLE = {
    "fast_dev_run": False,
    "overfit_batches": 0.0,
    "limit_train_batches": 1.0,
    "limit_val_batches": None,
    "max_epochs": 3,
}


def test_without_limits_it_sees_all():
    assert part_of_data(WHOLE) == part_of_data({}) == {}


@pytest.mark.parametrize(
    ("name", "value", "in_validation"),
    [
        ("fast_dev_run", True, True),
        ("fast_dev_run", 3, True),
        ("overfit_batches", 0.1, True),
        ("limit_train_batches", 1, False),  # one batch
        ("limit_train_batches", 0.5, False),
        ("limit_val_batches", 1, True),
        ("limit_val_batches", 0.5, True),
    ],
)
def test_a_limit_is_told(name, value, in_validation):
    assert part_of_data(WHOLE | {name: value}) == {name: value}
    assert is_validated_in_part({name: value}) is in_validation
