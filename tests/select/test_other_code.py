"""Weights are not tested with code that makes something else of them than the code that trained them."""

from dataclasses import replace

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.select.ledger import LEDGER
from bakeoff.select.sealed_test import sealed_test
from bakeoff.store import record


@pytest.fixture
def by_other_code(sweep):
    """The record of the run says that other code trained it."""
    gone = {"modules": {"gone": "0"}, "packages": {"also_gone": "7"}}
    run = replace(record.read(sweep / "run"), code="that of another day", **gone)
    run.write(sweep / "run")


@pytest.mark.usefixtures("by_other_code")
def test_a_net_that_gives_something_else_is_not_tested(sweep, board, configured):
    configured("model.activation=relu")  # as if its code said so: the weights fit all the same
    expected = (
        r"run run: gone, also-gone \(7, now not installed\) changed since .* its weights reach "
        r"cross_entropy .* stays closed"
    )
    with pytest.raises(BakeoffError, match=expected):
        sealed_test(sweep, board)
    assert not (sweep / LEDGER).exists()


@pytest.mark.usefixtures("by_other_code")
def test_a_change_that_changes_nothing_keeps_no_test_closed(sweep, board):
    assert sealed_test(sweep, board)


@pytest.mark.usefixtures("by_other_code")
def test_a_part_of_the_validation_data_is_compared_with_the_same_part(sweep, board):
    run = record.read(sweep / "run")
    half = replace(run, part={"limit_val_batches": 1})
    half.write(sweep / "run")
    with pytest.raises(BakeoffError, match="and not"):
        sealed_test(sweep, board)
