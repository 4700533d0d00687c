"""`bakeoff remove`: a sweep goes, what its ledger tells of the test set stays."""

import argparse

from bakeoff.store import paths


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser("remove", help="remove a sweep; asks first")
    parser.add_argument("sweep", help=f"{paths.SWEEP_FORMS}; or a single run's folder")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(answer=answer)


def answer(parsed: argparse.Namespace) -> None:
    """Say what goes, ask, and remove it."""
    from bakeoff.report.listing import octets
    from bakeoff.store.disk import freed_without, on_disk
    from bakeoff.store.removal import keeps_ledger, removable, remove
    from bakeoff.store.sweeps import read
    from bakeoff.verbs.asking import agreed

    folder = removable(paths.sweep_dir(parsed.sweep))
    sweep = read(folder)
    size, freed = on_disk([folder]), freed_without([folder])
    shared = (
        "" if size == freed else f"; {octets(size - freed)} of it stay, shared with other sweeps"
    )
    print(f"{folder}: {sum(sweep.statuses.values())} runs, {octets(size)}{shared}")
    if keeps_ledger(folder):
        print(
            "it has opened the test set: its ledger stays, so that later sweeps name that opening"
        )
    if not agreed("Remove it?", parsed.yes):
        print("nothing was removed")
        return
    remove(folder)
    print("removed")
