"""`bakeoff run`: the whole bake-off."""

import argparse

from bakeoff.errors import BakeoffError


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser(
        "run", help="the whole bake-off: check, sweep, select, sealed test, report"
    )
    parser.add_argument("experiment", help="the name of a file in experiments/, without .yaml")
    parser.add_argument(
        "overrides", nargs="*", help="Hydra overrides, e.g. model=lenet5/deep seed=range(5)"
    )
    parser.add_argument("--dry-run", action="store_true", help="print every job and stop")
    parser.add_argument(
        "--resume", action="store_true", help="go on with the newest unfinished sweep of it"
    )
    parser.set_defaults(answer=answer, tail="overrides")


def answer(parsed: argparse.Namespace) -> None:
    """Train, select, test and report; or print the jobs."""
    if parsed.resume:
        _resume(parsed)
        return
    from bakeoff.sweep.experiment import plan_experiment

    planned = plan_experiment(parsed.experiment, parsed.overrides)
    if parsed.dry_run:
        for number, job in enumerate(planned.jobs, start=1):
            print(f"{number:>3}/{len(planned.jobs)}  {' '.join(job.overrides)}")
        return
    from bakeoff.bake_off import bake

    bake(planned)


def _resume(parsed: argparse.Namespace) -> None:
    if parsed.overrides or parsed.dry_run:
        raise BakeoffError(
            "run --resume goes on with a sweep as it was planned: leave overrides and --dry-run out"
        )
    from bakeoff.sweep.remaining import unfinished_sweep

    sweep_dir = unfinished_sweep(parsed.experiment)
    from bakeoff.bake_off import resume

    resume(sweep_dir, failed=False)
