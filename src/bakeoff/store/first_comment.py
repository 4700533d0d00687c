"""What a YAML file says about itself: the first sentence of the comment at its top."""

import re
from collections.abc import Mapping
from pathlib import Path

SENTENCE = re.compile(r".+?[.?!](?=\s|$)")
HEADER = "@package"  # Hydra's, which looks like a comment
GAP = 2  # spaces between a name and its description


def first_sentence(path: Path) -> str:
    """The first sentence of the comment at the top of a file; empty where there is none.

    A line that ends with a colon introduces a command and ends the sentence too.
    """
    words: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
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
