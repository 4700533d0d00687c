"""What is said where a config describes nothing that can be made."""

import pytest
from omegaconf import OmegaConf

from bakeoff.build import instantiate
from bakeoff.errors import BakeoffError


def test_a_setting_that_other_data_would_give_is_named():
    config = OmegaConf.create(
        {
            "data": {"length": 32},
            "model": {"_target_": "torch.nn.Linear", "in_features": "${data.before}"},
        }
    )
    with pytest.raises(BakeoffError, match=r"model: .*'data.before' not found: choose another opt"):
        instantiate(config, "model")
