"""A question before something goes that does not come back."""

import sys

from bakeoff.errors import BakeoffError


def agreed(question: str, is_given: bool) -> bool:
    """Whether the user agrees; `is_given`: by --yes already. Raises BakeoffError where nobody can be
    asked.
    """
    if is_given:
        return True
    if not sys.stdin.isatty():
        raise BakeoffError("there is nobody to ask: give --yes")
    return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
