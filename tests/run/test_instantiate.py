"""Objects from configs, with errors that name the key."""

import pytest
from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.run.instantiate import instantiate, instantiate_at, plain_without

CONFIG = OmegaConf.create(
    {"lr": 0.5, "a": {"b": {"_target_": "builtins.complex", "real": "${lr}", "imag": 1, "own": 2}}}
)


def test_what_a_key_describes():
    node = plain_without(CONFIG.a.b, ("own",))
    assert node == {"_target_": "builtins.complex", "real": 0.5, "imag": 1}
    assert instantiate(OmegaConf.create({"c": node}), "c") == 0.5 + 1j
    assert instantiate(CONFIG, "nothing") is None


def test_an_error_names_the_key():
    with pytest.raises(
        BakeoffError, match=r"a\.b: cannot make builtins\.complex from its settings"
    ):
        instantiate_at(CONFIG, "a.b")
