"""`bakeoff data`: the data sets that bakeoff knows."""

import argparse
from pathlib import Path

from bakeoff.store import paths


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser("data", help="data sets: list, fetch NAME, verify")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="what there is, with size, licence and SHA-256")
    fetch = actions.add_parser("fetch", help="download a data set, checked")
    fetch.add_argument("name")
    actions.add_parser("verify", help="check the files that were downloaded")
    for action in actions.choices.values():
        action.add_argument("--root", type=Path, default=paths.OUTPUTS / "data", metavar="FOLDER")
    parser.set_defaults(answer=answer)


def answer(parsed: argparse.Namespace) -> None:
    """List, fetch or verify."""
    from bakeoff.data import data_sets

    if parsed.action == "list":
        data_sets.show()
    elif parsed.action == "fetch":
        data_sets.fetch(parsed.name, parsed.root)
    else:
        data_sets.verify(parsed.root)
