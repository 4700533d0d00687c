"""`bakeoff run`: the whole bake-off."""

import argparse

from bakeoff.errors import BakeoffError
from bakeoff.store import paths


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
    parser.set_defaults(answer=answer, tail="overrides")


def answer(parsed: argparse.Namespace) -> None:
    """Train, select, test and report; or print the jobs."""
    from bakeoff.sweep.plan import plan

    config_dir = paths.experiment_dir(parsed.experiment)
    overrides = [paths.pinned(override) for override in parsed.overrides]
    planned = plan(parsed.experiment, overrides, config_dir)
    named = planned.configs[0].experiment
    if named != parsed.experiment:
        raise BakeoffError(
            f"{config_dir / parsed.experiment}.yaml says experiment: {named}; expected "
            f"{parsed.experiment}, the file's name"
        )
    if parsed.dry_run:
        for number, job in enumerate(planned.jobs, start=1):
            shown = " ".join(line for line in job if not line.startswith("hydra."))
            print(f"{number:>3}/{len(planned.jobs)}  {shown}")
        return
    from bakeoff.bake_off import bake

    bake(parsed.experiment, overrides, config_dir, planned)
