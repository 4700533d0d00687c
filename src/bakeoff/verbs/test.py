"""`bakeoff test`: the sealed test of a sweep."""

import argparse

from bakeoff.store import paths
from bakeoff.verbs import allow_option


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser("test", help="the sealed test, if it has not been done")
    parser.add_argument("sweep", help=paths.SWEEP_FORMS)
    allow_option.add(parser)
    parser.set_defaults(answer=answer)


def answer(parsed: argparse.Namespace) -> None:
    """Open the test set for the selected run, or show the result of the earlier opening."""
    sweep_dir = paths.sweep_dir(parsed.sweep)
    from bakeoff.findings import open_test, ranked

    open_test(ranked(sweep_dir))
