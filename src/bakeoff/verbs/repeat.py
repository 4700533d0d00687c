"""`bakeoff repeat`: a run trained again from its record, and every number compared."""

import argparse
import sys
from datetime import datetime

from bakeoff.errors import BakeoffError
from bakeoff.store import paths, record
from bakeoff.verbs import allow_option

MOST = 20  # differences that are printed


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser(
        "repeat", help="train a run again from its record, and say whether every number is the same"
    )
    parser.add_argument("run", help=paths.RUN_FORMS)
    allow_option.add(parser)
    parser.set_defaults(answer=answer)


def answer(parsed: argparse.Namespace) -> None:
    """Train and compare; ends the process with status 1 where a number differs."""
    run_dir = paths.run_dir(parsed.run)
    run = record.read(run_dir)
    if run.status != "completed":
        raise BakeoffError(
            f"run {run.id} is {run.status}: only a completed run has numbers to compare"
        )
    from bakeoff.report.terminal import print_line
    from bakeoff.use.repeat import changes, differences, train_again

    print_line("repeats", run_dir)
    for change in changes(run_dir, run):
        print_line("changed since", change)
    stamp = datetime.now().strftime("%Y-%m-%d_%H-%M-%S")
    folder = paths.new_sweep_dir("repeat", stamp)
    again = train_again(run_dir, run, folder / run.id)
    found, count = differences(run_dir, run, folder / run.id, again)
    print_line("repetition", folder / run.id)
    if not found:
        print_line("equal", f"all {count:,} numbers: record, curves and weights")
        return
    print_line("different", f"{len(found):,} of {count:,} numbers")
    for one in found[:MOST]:
        print_line("", f"{one.name}: {_short(one.before)}, now {_short(one.now)}")
    if len(found) > MOST:
        print_line("", f"and {len(found) - MOST:,} more")
    sys.exit(1)


def _short(value: object) -> str:
    """A number, or what a tensor holds, in a few letters."""
    shape = getattr(value, "shape", None)
    if shape is None:
        return repr(value)
    return f"a tensor {tuple(shape)} of norm {float(value.float().norm()):.9g}"
