"""Objects from configs, with errors that name the key."""

import pytest
from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.run.parts.instantiate import instantiate, instantiate_at, plain_without

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


def made(**settings):
    return instantiate(OmegaConf.create({"part": settings}), "part")


def test_an_object_is_made_of_its_settings_as_plain_containers():
    found = made(_target_="types.SimpleNamespace", numbers=[1, 2], more={"a": None})
    assert (found.numbers, found.more) == ([1, 2], {"a": None})
    assert type(found.numbers) is list and type(found.more) is dict
    assert made(_target_="builtins.dict", a=1) == {"a": 1}


def test_what_a_config_does_not_have_is_none():
    assert instantiate(OmegaConf.create({"augment": None}), "augment") is None
    assert instantiate(OmegaConf.create({}), "augment") is None


class Picky:
    def __init__(self, size: int) -> None:
        if size < 0:
            raise BakeoffError(f"size is {size}: expected 0 or more")
        self.squares = [number**-1 for number in range(size)]


def exhausted() -> None:
    raise MemoryError


PICKY = f"{__name__}.Picky"


def test_an_error_without_a_message_is_told_by_its_kind():
    with pytest.raises(BakeoffError, match=r"exhausted from its settings: MemoryError$"):
        made(_target_=f"{__name__}.exhausted")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"size": "???"}, r"part.size has no value: set it, as in part.size=VALUE"),
        ({"size": -1}, r"^part: size is -1: expected 0 or more$"),
        ({"size": 1}, rf"^part: cannot make {PICKY} from its settings: 0.0 cannot be raised to a"),
        ({"sise": 1}, rf"^part: cannot make {PICKY} from its settings: .*'sise'"),
    ],
)
def test_what_cannot_be_made_is_named_by_its_key(settings, message):
    with pytest.raises(BakeoffError, match=message):
        made(_target_=PICKY, **settings)
