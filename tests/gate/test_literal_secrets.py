"""Which values of a config are secrets that are written there."""

import pytest

from bakeoff.gate.literal_secrets import is_secret, literal_secrets


@pytest.mark.parametrize(
    "name",
    [
        *("token", "api_key", "apiKey", "apikey", "hf_token", "authToken", "WANDB_API_KEY"),
        *("password", "db-password", "client_secret", "secret", "AWS_SECRET_ACCESS_KEY"),
        "model.token",
    ],
)
def test_a_key_that_ends_in_a_word_for_a_secret(name):
    assert is_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        *("tokenizer", "tokens", "max_tokens", "key", "keys", "secretary", "password_length"),
        *("pad_token", "eos_token", "unk_token", "cls_token", "monkey", "betoken"),
    ],
)
def test_another_key(name):
    assert not is_secret(name)


def test_a_written_value_is_named_by_its_key_and_not_shown():
    [said] = literal_secrets({"model": [{"token": "abc-123"}]})
    assert said.startswith("model[0].token: a secret is never written in a config")
    assert "model[0].token='${oc.env:NAME}'" in said and "abc-123" not in said


@pytest.mark.parametrize("value", ["${oc.env:A}", "Bearer ${oc.env:A}", "", "???", None, True, {}])
def test_what_is_no_written_secret_passes(value):
    assert literal_secrets({"token": value}) == []


def test_a_number_can_be_one():
    assert literal_secrets({"password": 1234})
