"""`bakeoff list`: the sweeps that are there."""

import argparse

from bakeoff.store import paths


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser(
        "list",
        help="the sweeps in outputs/: date, runs done of planned, winner, value, size on disk",
    )
    parser.add_argument("experiment", nargs="?", help="only those of this experiment")
    parser.set_defaults(answer=answer)


def answer(parsed: argparse.Namespace) -> None:
    """Print a line for each sweep and single run."""
    from bakeoff.report.listing import show_sweeps
    from bakeoff.store.disk import on_disk
    from bakeoff.store.sweeps import read, sweep_folders

    folders = sweep_folders()
    if parsed.experiment is not None:
        folders = [folder for folder in folders if folder.parent.name == parsed.experiment]
    if not folders:
        of = "" if parsed.experiment is None else f" of {parsed.experiment}"
        print(f"no sweeps{of} in {paths.OUTPUTS.resolve()}")
        return
    show_sweeps([read(folder) for folder in folders], on_disk(folders))
