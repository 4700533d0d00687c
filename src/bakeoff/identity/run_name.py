"""A run's name for people to read, where its directory is named by its id."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from bakeoff.identity.run_id import REPLICATE_KEYS

LONGEST = 200  # bytes in UTF-8; file systems allow names of 255
DOTTED = re.compile(r"(?<!\S)((?:\w+\.)+)(\w+)(?==)")  # a dotted key at the start of a word


class Named(Protocol):
    """What a name is made of: a planned run, or its record."""

    candidate: str
    overrides: Sequence[str]
    seed: int


def run_name(run: Named, shorter: Mapping[str, str] | None = None) -> str:
    """Candidate and seed, as in `lenet5-deep lr=0.003 seed=1`, fit to name a file. `shorter` are the short
    forms of keys (`short_keys`), by default those of this run alone.
    """
    if shorter is None:
        shorter = short_keys([run.candidate])
    candidate = DOTTED.sub(lambda found: shorter.get(found[0], found[0]), run.candidate)
    return _fit_for_files(f"{candidate} {_replicate(run)}")


def short_keys(candidates: Iterable[str]) -> dict[str, str]:
    """The last part of each dotted key in the names of candidates, where no two keys end alike."""
    keys = {"".join(found) for name in candidates for found in DOTTED.findall(name)}
    last = {key: key.rpartition(".")[2] for key in keys}
    count = Counter(last.values())
    return {key: short for key, short in last.items() if count[short] == 1}


def _replicate(run: Named) -> str:
    """What tells a run from the others of its candidate."""
    others = set(REPLICATE_KEYS) - {"seed"}
    given = [override.lstrip("+").partition("=") for override in run.overrides]
    words = [f"{key.rpartition('.')[2]}={value}" for key, _, value in given if key in others]
    return " ".join([*words, f"seed={run.seed}"])


def _fit_for_files(name: str) -> str:
    clean = re.sub(r"[/\\\x00-\x1f]", "-", name).lstrip(".").encode(errors="replace")
    if len(clean) <= LONGEST:
        return clean.decode()
    first, last = (part.decode(errors="ignore") for part in (clean[:80], clean[-80:]))
    return f"{first}…{last}"
