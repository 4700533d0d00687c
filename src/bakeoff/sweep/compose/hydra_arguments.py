"""The arguments of the plain Hydra application. Hydra is imported when they are parsed."""

import argparse
from collections.abc import Sequence

from bakeoff.errors import BakeoffError

INFO = ("all", "config", "defaults", "defaults-tree", "plugins", "searchpath")
# Options that would bring configs which cannot be looked at.
REFUSED = {
    "--config-path": "bakeoff's own groups are needed: add yours by --config-dir",
    "--experimental-rerun": "train a run again by the command in best/command.txt",
}


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Arguments as Hydra reads them. Raises BakeoffError for options that are refused."""
    # Which words are options, and which overrides, only Hydra's own parser knows.
    from hydra._internal.utils import get_args_parser

    parsed = get_args_parser().parse_intermixed_args(_with_info_said(arguments))
    for option, reason in REFUSED.items():
        if getattr(parsed, option.strip("-").replace("-", "_")) is not None:
            raise BakeoffError(f"{option}: {reason}")
    return parsed


def _with_info_said(arguments: Sequence[str]) -> list[str]:
    """Arguments for Hydra's parser, which takes a word behind --info for its value, also an override."""
    found: list[str] = []
    for at, word in enumerate(arguments):
        bare = word in ("--info", "-i") and not set(arguments[at + 1 : at + 2]) & set(INFO)
        found.append("--info=all" if bare else word)
    return found
