"""`bakeoff resume`: a sweep that did not finish goes on."""

import argparse

from bakeoff.store import paths
from bakeoff.verbs import allow_option


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser("resume", help="finish a sweep: train what is missing, then go on")
    parser.add_argument("sweep", help=paths.SWEEP_FORMS)
    parser.add_argument(
        "--failed", action="store_true", help="train failed and diverged runs again too"
    )
    parser.add_argument(
        "--fresh", action="store_true", help="train also what an earlier sweep has trained"
    )
    parser.add_argument(
        "launcher",
        nargs="*",
        default=[],
        help="another launcher, e.g. hydra/launcher=ray, or settings of it",
    )
    allow_option.add(parser)
    parser.set_defaults(answer=answer, tail="launcher")


def answer(parsed: argparse.Namespace) -> None:
    """Train what has not ended, select, test and report."""
    sweep_dir = paths.sweep_dir(parsed.sweep)
    from bakeoff.store import plan_file

    plan_file.read_own(sweep_dir)  # a mistake is answered before torch is imported
    from bakeoff.bake_off import resume

    resume(sweep_dir, parsed.failed, parsed.launcher, is_fresh=parsed.fresh)
