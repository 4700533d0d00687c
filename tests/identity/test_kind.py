"""What says that a model is a LightningModule."""

import pytest
from omegaconf import OmegaConf

from bakeoff.identity.kind import is_lightning, unread_mistakes


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


def test_an_override_that_does_not_reach_a_lightning_module_is_named():
    config = OmegaConf.create({"model": {"kind": "lightning", "_target_": "mine.Own"}})
    lines = ["optimizer.lr=1", "+augment=jitter", "loss/box_loss=ciou", "seed=3", "model=own"]
    found = list(unread_mistakes(config, lines))
    assert [line.split(":")[0] for line in found] == lines[:3]
    assert all("mine.Own is a LightningModule with its own loss, optimizer" in n for n in found)
    assert list(unread_mistakes(OmegaConf.create({"model": {}}), lines)) == []
