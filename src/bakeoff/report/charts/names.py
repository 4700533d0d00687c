"""Names of candidates in a chart: what of them is written, and how wide that is."""

import re
import unicodedata
from collections.abc import Sequence

FONT_SIZE = 11


def distinguishing(names: Sequence[str]) -> list[str]:
    """Shorten names made of overrides to what tells them apart.

    What all have in common is left out, of a dotted key all but its end, and of the choice of a group
    all but what is chosen: `model=mlp optimizer.lr=0.1` beside `model=rnn optimizer.lr=0.2` is `mlp
    lr=0.1`.
    """
    separator = " " if any(" " in name for name in names) else ","
    parts = [name.split(separator) for name in names]
    shared = set(parts[0]).intersection(*parts[1:]) if len(parts) > 1 else set()
    short = [
        separator.join(
            re.sub(r"^[\w.]+\.(?=\w+=)|^\w+=(?=[A-Za-z])", "", part)
            for part in own
            if part not in shared
        )
        for own in parts
    ]
    return short if all(short) and len(set(short)) == len(set(names)) else list(names)


def shortened(text: str, limit: int) -> str:
    """Cut `text` in the middle to one line of at most `limit` letters: both ends may tell."""
    text = " ".join("".join(filter(str.isprintable, part)) for part in text.split())
    if len(text) <= limit:
        return text
    tail = (limit - 1) // 2
    return f"{text[: limit - 1 - tail]}…{text[-tail:]}"


def text_width(text: str) -> float:
    """Estimate generously how wide `text` is in the page's font, which only the browser knows."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return FONT_SIZE * (0.62 * (len(text) - wide) + 1.05 * wide)
