"""`bakeoff compare`: several sweeps side by side."""

import argparse

from bakeoff.store import paths


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser(
        "compare", help="several sweeps side by side, and whether they compare"
    )
    parser.add_argument("sweeps", nargs="+", help=paths.SWEEP_FORMS)
    parser.set_defaults(answer=answer, tail="sweeps")


def answer(parsed: argparse.Namespace) -> None:
    """Print the tables; nothing is worked out anew."""
    folders = [paths.sweep_dir(sweep) for sweep in parsed.sweeps]
    from bakeoff.report.comparison import read_sweeps, show

    show(read_sweeps(folders))
