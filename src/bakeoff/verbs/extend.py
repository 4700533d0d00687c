"""`bakeoff extend`: more candidates or replicates for a sweep."""

import argparse

from bakeoff.store import paths
from bakeoff.verbs import allow_option


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser(
        "extend", help="add candidates or replicates to a sweep, train them and rank anew"
    )
    parser.add_argument("sweep", help=paths.SWEEP_FORMS)
    parser.add_argument(
        "overrides",
        nargs="*",
        default=[],
        help="what the new runs have in place of the sweep's own, e.g. model=resnet/small or seed=range(5)",
    )
    parser.add_argument("--dry-run", action="store_true", help="print every new job and stop")
    parser.add_argument(
        "--fresh", action="store_true", help="train also what an earlier sweep has trained"
    )
    allow_option.add(parser)
    parser.set_defaults(answer=answer, tail="overrides")


def answer(parsed: argparse.Namespace) -> None:
    """Train what is added and what is missing, select, test and report; or print the new jobs."""
    sweep_dir = paths.sweep_dir(parsed.sweep)
    from bakeoff.store import plan_file
    from bakeoff.sweep.extension import extended

    before = plan_file.read_own(sweep_dir)
    plan = extended(before, parsed.overrides)  # a mistake is answered before torch is imported
    if parsed.dry_run:
        new = plan.jobs[len(before.jobs) :]
        for number, job in enumerate(new, start=1):
            print(f"{number:>3}/{len(new)}  {' '.join(job.overrides)}")
        return
    from bakeoff.bake_off import extend

    extend(sweep_dir, parsed.overrides, is_fresh=parsed.fresh)
