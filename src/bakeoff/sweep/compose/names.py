"""Names of a sweep's candidates: short, and different for different candidates."""

from collections import Counter
from collections.abc import Mapping, Sequence

DIGITS = 6  # of an id, where the words do not tell


def candidate_names(words: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """A name for each candidate, by its id, from the words that describe it.

    The words that all candidates share are left out. Where two names would be the same, the id's first
    digits tell the candidates apart.
    """
    return told_apart(dict(zip(words, distinguishing(list(words.values())), strict=True)))


def told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """Names by id; the id's first digits follow a name that several have."""
    count = Counter(names.values())
    return {
        id_: name if count[name] == 1 else f"{name} #{id_[:DIGITS]}" for id_, name in names.items()
    }


def distinguishing(words: Sequence[Sequence[str]]) -> list[str]:
    """Each description without the words that all share; whole where that would leave one empty. Of a
    single description the first word.
    """
    if len(words) == 1:
        return [words[0][0]]
    shared = set.intersection(*map(set, words))
    short = [[word for word in own if word not in shared] for own in words]
    return [" ".join(own) for own in (short if all(short) else words)]
