"""`bakeoff check`: everything that `bakeoff run` checks, and nothing trains."""

import argparse

from bakeoff.errors import BakeoffError


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser(
        "check", help="compose and check every run of an experiment, and train nothing"
    )
    parser.add_argument("experiment", help="the name of a file in experiments/, without .yaml")
    parser.add_argument("overrides", nargs="*", help="Hydra overrides, as for bakeoff run")
    parser.set_defaults(answer=answer, tail="overrides")


def answer(parsed: argparse.Namespace) -> None:
    """Say that all is well. Raises BakeoffError that lists all mistakes."""
    from bakeoff.sweep.experiment import draft_experiment

    planned, mistakes = draft_experiment(parsed.experiment, parsed.overrides)
    if planned is not None:
        from bakeoff.sweep.preflight import preflight_mistakes

        mistakes += preflight_mistakes(job.config for job in planned.candidates)
    if mistakes:
        raise BakeoffError("\n".join(mistakes))
    runs, candidates = len(planned.jobs), len(planned.candidates)
    print(f"{parsed.experiment}: {runs} runs of {candidates} candidates: no mistakes")
