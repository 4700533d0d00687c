"""Secrets that are written in a config: refused, so that no record, log or report can hold them."""

import re
from collections.abc import Iterator
from typing import Any

# Keys that end in a word for a secret, such as hf_token and apiKey; not tokenizer or max_tokens.
SECRET = re.compile(
    r"(?:.*[_\-.])?(?:api_?key|access_key|private_key|password|passwd|passphrase|token|secret)"
)
# Tokens of a vocabulary.
WORDS = re.compile(
    r"(?:.*[_\-.])?(?:pad|padding|eos|bos|unk|unknown|mask|sep|cls|start|end|stop|first|last|blank|eot|image|"
    r"special|prefix|suffix|decoder_start|class|dist|distillation|register|extra)_token"
)


def literal_secrets(plain: Any, key: str = "") -> list[str]:
    """A line for each secret in plain containers of what is written, not of what it refers to."""
    return list(dict.fromkeys(_found(plain, key)))


def is_secret(name: str) -> bool:
    """Whether a key's name says that its value is a secret."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return bool(SECRET.fullmatch(words)) and not WORDS.fullmatch(words)


def _found(node: Any, key: str) -> Iterator[str]:
    if isinstance(node, list):
        for at, value in enumerate(node):
            yield from _found(value, f"{key}[{at}]")
    elif isinstance(node, dict):
        for name, value in node.items():
            place = f"{key}.{name}" if key else str(name)
            written = isinstance(value, str | int) and not isinstance(value, bool)
            if is_secret(str(name)) and written and not _is_reference(value):
                yield (
                    f"{place}: a secret is never written in a config: every record of the run would hold "
                    f"it. Put it in the environment, and refer to it: {place}='${{oc.env:NAME}}'"
                )
            yield from _found(value, place)


def _is_reference(value: str | int) -> bool:
    return value in ("", "???") or "${" in str(value)
