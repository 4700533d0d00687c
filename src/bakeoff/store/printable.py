"""Text of anybody's, safe to print: a terminal obeys control characters."""

import re
from typing import Any

# All but tab and line feed; with them the marks that turn the direction of what follows.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
ESCAPED = re.compile(r"\\[bfru]")  # in JSON, what may stand for one of them
INSTEAD = "\ufffd"


def may_hold_control(json_text: str) -> bool:
    """Whether texts in a JSON document may hold what `printable` replaces: a quick look at all of it."""
    return bool(CONTROL.search(json_text) or ESCAPED.search(json_text))


def printable(content: Any) -> Any:
    """A text, or all texts in plain containers, with a sign in place of each control character."""
    if isinstance(content, str):
        return CONTROL.sub(INSTEAD, content)
    if isinstance(content, list):
        if all(type(value) in (int, float) for value in content):
            return content
        return [printable(value) for value in content]
    if isinstance(content, dict):
        return {printable(name): printable(value) for name, value in content.items()}
    return content
