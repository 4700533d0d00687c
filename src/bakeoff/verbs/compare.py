"""`bakeoff compare`: several sweeps side by side."""

import argparse
from pathlib import Path

from bakeoff.store import paths


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser(
        "compare", help="several sweeps side by side, and whether they compare"
    )
    parser.add_argument("sweeps", nargs="+", help=paths.SWEEP_FORMS)
    parser.add_argument("--page", metavar="FILE", type=Path, help="write it as a page, too")
    parser.set_defaults(answer=answer, tail="sweeps")


def answer(parsed: argparse.Namespace) -> None:
    """Print the tables, and write the page; nothing is worked out anew."""
    folders = [paths.sweep_dir(sweep) for sweep in parsed.sweeps]
    from bakeoff.report.comparison import read_sweeps
    from bakeoff.report.comparison_table import show

    sweeps = read_sweeps(folders)
    if parsed.page is not None:
        from bakeoff.report.comparison_page import write_comparison
        from bakeoff.report.terminal import print_line

        write_comparison(parsed.page, sweeps)
    show(sweeps)
    if parsed.page is not None:
        print_line("page", parsed.page)
