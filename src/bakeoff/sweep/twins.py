"""Jobs of one sweep that are the same run: they would write one directory, and a candidate would vanish."""

from collections.abc import Hashable, Iterable, Sequence

SHOWN = 5  # pairs that are named


def twins(jobs: Iterable[tuple[Hashable, Sequence[str]]]) -> list[str]:
    """A line for each job, given as its identity and its overrides, that is the same run as an earlier one.

    Jobs without an identity (None) are not compared.
    """
    first: dict[Hashable, str] = {}
    found = []
    for identity, overrides in jobs:
        words = " ".join(overrides)
        if identity is not None and identity in first:
            found.append(
                f"two jobs are the same run, with the same settings, seed and data: {first[identity]} and "
                f"{words}: leave one of them out"
            )
        elif identity is not None:
            first[identity] = words
    more = len(found) - SHOWN
    return found[:SHOWN] + ([f"and {more} more such jobs"] if more > 0 else [])
