"""The one exception that means: the user can mend this."""

from collections.abc import Iterable
from difflib import get_close_matches


class BakeoffError(Exception):
    """A mistake or a circumstance that the user can mend.

    Its message says what was given, what was expected and what to do. The command line prints it
    without a traceback; every other exception is a fault of bakeoff and keeps its traceback.
    """

    exit_status = 1  # of the command that it ends


class NothingSelectedError(BakeoffError):
    """A sweep has a leaderboard and a report, and they say why no model is selected or kept."""


class LostRunsError(BakeoffError):
    """A sweep has ended with a leaderboard, but not all of its runs completed."""

    exit_status = 3


def nearest(word: str, valid: Iterable[str], n: int = 3, all_if_few: bool = True) -> list[str]:
    """The `n` valid names most like `word`, best first; with `all_if_few` all of them where none is like
    it and there are few.
    """
    valid = sorted(set(valid))
    close = get_close_matches(word, valid, n=n, cutoff=0.5)
    return close or (valid if all_if_few and len(valid) <= 8 else [])


def suggestion(word: str, valid: Iterable[str], all_if_few: bool = True) -> str:
    """'; did you mean a, b?', or the empty string where nothing is near."""
    names = nearest(word, valid, all_if_few=all_if_few)
    return f"; did you mean {' or '.join(repr(name) for name in names)}?" if names else ""
