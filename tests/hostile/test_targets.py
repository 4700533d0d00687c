"""No config of somebody else's reaches what runs code, reads or writes: by no name and in no place."""

import sys
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.gate.gate import allowed_only

HOSTILE = Path(__file__).with_name("targets.txt").read_text(encoding="utf-8").split()


@pytest.mark.parametrize("target", HOSTILE)
def test_the_name_is_refused(target):
    imported = set(sys.modules)
    with pytest.raises(BakeoffError, match=r"not written by you"):
        allowed_only(OmegaConf.create({"model": {"_target_": target}}), "folder")
    assert not {"this", "antigravity", "idlelib.run", "bakeoff.__main__"} & (
        set(sys.modules) - imported
    )


PLACES = {
    "nested": "{model: {_target_: torch.nn.ReLU, inplace: {_target_: os.system, command: x}}}",
    "list": "{model: [{_target_: torch.nn.ReLU}, {_target_: os.system}]}",
    "list in a list": "{model: [[[{_target_: os.system}]]]}",
    "partial": "{optimizer: {_target_: os.system, _partial_: true}}",
    "arguments": "{model: {_target_: torch.nn.ReLU, _args_: [{_target_: os.system}]}}",
    "not recursive": "{model: {_target_: torch.nn.ReLU, _recursive_: false, x: {_target_: os.system}}}",
    "reference": "{name: os.system, model: {_target_: '${name}'}}",
    "part of a reference": "{name: system, model: {_target_: 'os.${name}'}}",
    "reference to a node": "{model: '${away}', away: {_target_: os.system}}",
    "made by a resolver": "{model: \"${oc.create:'{_target_: os.system}'}\"}",
    "decoded": "{model: {_target_: '${oc.decode:os.system}'}}",
    "environment": "{model: {_target_: '${oc.env:NO_SUCH,os.system}'}}",
    "trainer": "{trainer: {callbacks: [{_target_: os.system}]}}",
    "logger": "{trainer: {logger: {_target_: os.system}}}",
    "decode": "{task: {decode: {_target_: os.system}}}",
    "number": "{model: {_target_: 1}}",
    "null": "{model: {_target_: null}}",
    "node": "{model: {_target_: {_target_: os.system}}}",
    "Hydra's own": "{hydra: {launcher: {_target_: os.system}}}",
}


@pytest.mark.parametrize("text", PLACES.values(), ids=PLACES)
def test_the_place_is_no_way_round(text):
    with pytest.raises(BakeoffError, match=r"not written by you"):
        allowed_only(OmegaConf.create(text), "folder")


@pytest.mark.parametrize(
    "text", ["{a: '${b}', b: '${a}'}", "{a: '${no.such}'}", "{a: '${nobody:1}'}"]
)
def test_what_cannot_be_resolved_is_refused(text):
    with pytest.raises(BakeoffError, match=r"cannot be read"):
        allowed_only(OmegaConf.create(text), "folder")
