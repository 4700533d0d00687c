"""Which warnings are not shown, and which are."""

import warnings

import pytest

from bakeoff.run.parts.quiet_lightning import quiet_lightning


def test_a_warning_that_nobody_can_act_on_is_not_shown():
    with warnings.catch_warnings(record=True) as shown, quiet_lightning():
        warnings.warn("The 'val_dataloader' does not have many workers", stacklevel=1)
    assert shown == []


def test_others_are_shown_and_all_are_afterwards():
    with pytest.warns(UserWarning, match="the disk is nearly full"), quiet_lightning():
        warnings.warn("the disk is nearly full", stacklevel=1)
    with quiet_lightning():
        pass
    with pytest.warns(UserWarning, match="many workers"):
        warnings.warn("The 'val_dataloader' does not have many workers", stacklevel=1)
