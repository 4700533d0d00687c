"""`bakeoff report`: leaderboard and report from the run records."""

import argparse
from pathlib import Path

from bakeoff.errors import BakeoffError
from bakeoff.store import paths
from bakeoff.verbs import allow_option


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser("report", help="rebuild leaderboard and report from the run records")
    parser.add_argument("sweep", help=paths.SWEEP_FORMS)
    parser.add_argument(
        "--write",
        metavar="PAGE",
        type=Path,
        help="also put its numbers into a Markdown page, between marks",
    )
    parser.add_argument(
        "--section", metavar="NAME", help="of the page's marks; default: the name of the experiment"
    )
    allow_option.add(parser)
    parser.set_defaults(answer=answer)


def answer(parsed: argparse.Namespace) -> None:
    """Rebuild the files; the sealed test stays closed."""
    sweep_dir = paths.sweep_dir(parsed.sweep)
    if parsed.section and parsed.write is None:
        raise BakeoffError("--section names a section of the page that --write PAGE names")
    from bakeoff.findings import rebuild

    evidence = rebuild(sweep_dir)
    if parsed.write is not None:
        from bakeoff.report.written_page import write_into

        write_into(parsed.write, evidence, parsed.section or sweep_dir.resolve().parent.name)
