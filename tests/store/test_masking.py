"""What configs take from the environment is in no text that is written."""

import io
import json
import logging

import pytest
from omegaconf import OmegaConf

from bakeoff.store import masking
from bakeoff.store.masking import MaskedStream, mask_logging, masked, masked_containers

PLANTED = "planted-'7d1f\\0c"
REFERENCE = "${oc.env:PLANTED}"


@pytest.fixture(autouse=True)
def taken(monkeypatch):
    """Values of this test alone, and a function that resolves a reference to one."""
    monkeypatch.setattr(masking, "_taken", {})
    masking.register()

    def take(value: str) -> str:
        monkeypatch.setenv("PLANTED", value)
        return OmegaConf.create({"x": REFERENCE}).x

    return take


def test_a_value_is_masked_once_it_is_taken(taken):
    assert masked(f"a {PLANTED} b") == f"a {PLANTED} b"
    assert taken(PLANTED) == PLANTED
    assert masked(f"a {PLANTED} b") == f"a {REFERENCE} b"


@pytest.mark.parametrize("quoted", [repr, json.dumps, lambda value: f"Bearer {value}"])
def test_it_is_masked_as_messages_and_json_quote_it(taken, quoted):
    taken(PLANTED)
    assert "planted" not in masked(quoted(PLANTED))


def test_a_name_that_is_put_together_is_noted_too(taken, monkeypatch):
    monkeypatch.setenv("PLANTED", PLANTED)
    assert OmegaConf.create({"n": "PLAN", "x": "${oc.env:${n}TED}"}).x == PLANTED
    assert masked(PLANTED) == REFERENCE


@pytest.mark.parametrize("value", ["4", "cuda", "", "/tmp", "."])
def test_short_values_and_paths_are_in_too_many_texts(taken, value):
    assert taken(value) == value
    assert masked(f"{value} is /tmp or cuda 4.") == f"{value} is /tmp or cuda 4."


def test_a_default_is_no_secret_and_a_missing_variable_is_an_error(monkeypatch):
    monkeypatch.delenv("PLANTED", raising=False)
    config = OmegaConf.create({"x": "${oc.env:PLANTED,something}", "y": "${oc.env:PLANTED}"})
    assert config.x == "something" and masked("something") == "something"
    with pytest.raises(Exception, match=r"'PLANTED' not found"):
        _ = config.y


def test_containers_and_streams(taken):
    taken(PLANTED)
    given = {"a": [PLANTED, 1], "b": (PLANTED,)}
    assert masked_containers(given) == {"a": [REFERENCE, 1], "b": (REFERENCE,)}
    stream = io.StringIO()
    print("x", PLANTED, file=MaskedStream(stream), flush=True)
    assert stream.getvalue() == f"x {REFERENCE}\n"


def test_loggers_tell_no_secret(taken, caplog):
    before = logging.getLogRecordFactory()
    mask_logging.cache_clear()
    mask_logging()
    try:
        taken(PLANTED)
        try:
            raise ValueError(PLANTED)
        except ValueError:
            logging.getLogger("any").exception("given %s", PLANTED)
    finally:
        logging.setLogRecordFactory(before)
        mask_logging.cache_clear()
    assert "planted" not in caplog.text
    assert f"given {REFERENCE}" in caplog.text and f"ValueError: {REFERENCE}" in caplog.text
