"""`bakeoff report`: leaderboard and report from the run records."""

import argparse

from bakeoff.store import paths


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser("report", help="rebuild leaderboard and report from the run records")
    parser.add_argument("sweep", help=paths.SWEEP_FORMS)
    parser.set_defaults(answer=answer)


def answer(parsed: argparse.Namespace) -> None:
    """Rebuild the files; the sealed test stays closed."""
    sweep_dir = paths.sweep_dir(parsed.sweep)
    from bakeoff import bake_off

    bake_off.rebuild(sweep_dir)
