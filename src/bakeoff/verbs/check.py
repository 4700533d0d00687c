"""`bakeoff check`: everything that `bakeoff run` checks, and nothing trains."""

import argparse

from bakeoff.errors import BakeoffError
from bakeoff.verbs import allow_option, hydra_options


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser(
        "check", help="compose and check every run of an experiment, and train nothing"
    )
    hydra_options.add_words(parser)
    hydra_options.add(parser)
    allow_option.add(parser)
    parser.set_defaults(answer=answer, tail="overrides")


def answer(parsed: argparse.Namespace) -> None:
    """Say that all is well. Raises BakeoffError that lists all mistakes."""
    experiment, overrides = hydra_options.experiment_and_overrides(parsed)
    if experiment is None:
        hydra_options.list_choices(overrides)
        return
    if hydra_options.asks(parsed):
        hydra_options.show_experiment(parsed, experiment, overrides)
        return
    from bakeoff.sweep.experiment import draft_experiment

    planned, mistakes = draft_experiment(experiment, overrides, parsed.config_dir)
    if planned is not None:
        from bakeoff.sweep.preflight import plan_mistakes

        mistakes += plan_mistakes(planned)
    if mistakes:
        raise BakeoffError("\n".join(mistakes))
    from bakeoff.report.wording import counted

    runs, candidates = len(planned.jobs), len(planned.candidates)
    print(
        f"{experiment}: {counted(runs, 'run')} of {counted(candidates, 'candidate')}: no mistakes"
    )
