"""What says that a model is a LightningModule."""

import pytest
from omegaconf import OmegaConf

from bakeoff.run.kind import is_lightning


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"model": {"kind": "lightning"}}, True),
        ({"model": {"kind": "net"}}, False),
        ({"model": {}}, False),
        ({"model": None}, False),
        ({}, False),
    ],
)
def test_only_its_kind_says_it(config, expected):
    assert is_lightning(OmegaConf.create(config)) is expected
