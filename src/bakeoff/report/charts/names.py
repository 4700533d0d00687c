"""Names of candidates in a chart: what of them is written, and how wide that is."""

import re
import unicodedata
from collections.abc import Sequence

FONT_SIZE = 11


def abbreviated(names: Sequence[str]) -> list[str]:
    """Names of candidates with shorter keys: of a dotted key only its end, of the choice of a group only
    what is chosen. `regularization=l1 optimizer.lr=0.1` is `l1 lr=0.1`.

    Unchanged where two names would become the same.
    """
    short = [re.sub(r"(?<!\S)(?:[\w.]+\.(?=\w+=)|\w+=(?=[A-Za-z]))", "", name) for name in names]
    return short if len(set(short)) == len(set(names)) else list(names)


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
