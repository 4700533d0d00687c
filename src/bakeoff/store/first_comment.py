"""What a YAML file says about itself: the first sentence of the comment at its top."""

import re
from collections.abc import Mapping
from pathlib import Path

from bakeoff.store.printable import printable

SENTENCE = re.compile(r".+?[.?!](?=\s|$)")
HEADER = "@package"  # Hydra's, which looks like a comment
MOST = 10_000  # characters that are read
GAP = 2  # spaces between a name and its description


def first_sentence(path: Path) -> str:
    """The first sentence of the comment at the top of a file; empty where there is none.

    A line that ends with a colon introduces a command and ends the sentence too.
    """
    if not path.is_file():  # a FIFO would be waited for
        return ""
    with path.open(encoding="utf-8", errors="replace") as file:
        beginning = file.read(MOST)
    words: list[str] = []
    for line in printable(beginning).splitlines():
        text = line.removeprefix("#").strip()
        if not line.startswith("#"):
            break
        if text.startswith(HEADER):
            continue
        words.append(text.removesuffix(":"))
        if text.endswith(":") or not text:
            break
    said = " ".join(words)
    found = SENTENCE.match(said)
    return found[0] if found else said.strip()


def table(described: Mapping[str, str]) -> list[str]:
    """A line for each name with its description, the descriptions below each other."""
    width = max(map(len, described), default=0) + GAP
    return [f"  {name:<{width}}{text}".rstrip() for name, text in described.items()]
