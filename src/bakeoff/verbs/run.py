"""`bakeoff run`: the whole bake-off."""

import argparse

from bakeoff.errors import BakeoffError
from bakeoff.verbs import allow_option, hydra_options


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser(
        "run", help="the whole bake-off: check, sweep, select, sealed test, report"
    )
    hydra_options.add_words(parser)
    parser.add_argument("--dry-run", action="store_true", help="print every job and stop")
    parser.add_argument(
        "--resume", action="store_true", help="go on with the newest unfinished sweep of it"
    )
    parser.add_argument(
        "--fresh", action="store_true", help="train also what an earlier sweep has trained"
    )
    hydra_options.add(parser)
    allow_option.add(parser)
    parser.set_defaults(answer=answer, tail="overrides")


def answer(parsed: argparse.Namespace) -> None:
    """Train, select, test and report; or print the jobs; without an experiment, what can be chosen."""
    experiment, overrides = hydra_options.experiment_and_overrides(parsed)
    if experiment is None:
        hydra_options.list_choices(overrides)
        return
    if hydra_options.asks(parsed):
        hydra_options.show_experiment(parsed, experiment, overrides)
        return
    if parsed.resume:
        is_alone = not overrides and not parsed.dry_run
        _resume(experiment, is_alone, parsed.fresh)
        return
    from bakeoff.sweep.experiment import plan_experiment

    planned = plan_experiment(experiment, overrides, parsed.config_dir)
    if parsed.dry_run and planned.is_search:
        print("the sweeper chooses the jobs while it runs, and tries these or others")
    if parsed.dry_run:
        for number, job in enumerate(planned.jobs, start=1):
            print(f"{number:>3}/{len(planned.jobs)}  {' '.join(job.overrides)}")
        return
    from bakeoff.bake_off import bake

    bake(planned, is_fresh=parsed.fresh)


def _resume(experiment: str, is_alone: bool, is_fresh: bool) -> None:
    if not is_alone:
        raise BakeoffError(
            "run --resume goes on with a sweep as it was planned: leave overrides and --dry-run out"
        )
    from bakeoff.sweep.remaining import unfinished_sweep

    sweep_dir = unfinished_sweep(experiment)
    from bakeoff.bake_off import resume

    resume(sweep_dir, failed=False, is_fresh=is_fresh)
