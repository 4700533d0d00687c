"""`bakeoff clean`: caches go, and checkpoints of runs that were not selected."""

import argparse


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser(
        "clean", help="remove caches, and checkpoints of runs that were not selected; asks first"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(answer=answer)


def answer(parsed: argparse.Namespace) -> None:
    """Say what goes with its size, ask, and remove it."""
    from bakeoff.report.listing import octets
    from bakeoff.report.terminal import print_line
    from bakeoff.report.wording import counted
    from bakeoff.select.cleaning import caches, remove_checkpoints, remove_files, spare_checkpoints
    from bakeoff.store.disk import freed_without
    from bakeoff.verbs.asking import agreed

    made, spare = caches(), spare_checkpoints()
    checkpoints = [path for files in spare.values() for path in files]
    if not made and not checkpoints:
        print("nothing to clean")
        return
    print_line(
        "caches",
        f"{counted(len(made), 'file')}, {octets(freed_without(made))}: made again when needed",
    )
    sweeps = counted(len(spare), "tested sweep")
    print_line(
        "checkpoints",
        f"{len(checkpoints)}, of {sweeps}, {octets(freed_without(checkpoints))}: "
        "their runs keep records and curves, but cannot be tested, used or taken over any more",
    )
    if not agreed("Remove them?", parsed.yes):
        print("nothing was removed")
        return
    remove_files(made)
    remove_checkpoints(spare)
    print("removed")
