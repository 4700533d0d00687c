"""`bakeoff train`: the plain Hydra application, with Hydra's own options."""

import argparse
from pathlib import Path

from bakeoff.errors import BakeoffError
from bakeoff.gate.allowances import without_option
from bakeoff.store import paths
from bakeoff.sweep.ranges import FOLDER
from bakeoff.verbs import allow_option, completion, hydra_options


def add(verbs: argparse._SubParsersAction) -> None:
    """Name it in the help; what follows it is Hydra's to read."""
    parser = verbs.add_parser(
        "train", help="one run or a free-form multirun: the plain Hydra application"
    )
    allow_option.add(parser)


def answer(arguments: list[str], verbs: argparse._SubParsersAction) -> None:
    """Check the runs before one of them starts, then hand over to Hydra; `verbs`: all commands."""
    from bakeoff.store.plan_file import SINGLE
    from bakeoff.sweep.compose.hydra_arguments import parse
    from bakeoff.sweep.compose.primary import located
    from bakeoff.sweep.plan import plan

    arguments = without_option(arguments)
    parsed = parse(arguments)
    if parsed.shell_completion:
        completion.answer_hydra(verbs, parsed.overrides)
        return
    if parsed.help:
        from bakeoff.train import main

        main(arguments)
        return
    name = parsed.config_name or SINGLE
    _refuse(parsed)
    config_dir = None if parsed.config_dir is None else Path(parsed.config_dir)
    config_dir, overrides = located(name, config_dir, parsed.overrides)
    if hydra_options.asks(parsed):
        hydra_options.show(parsed, name, config_dir, overrides, parsed.multirun)
        return
    planned = plan(name, overrides, config_dir, parsed.multirun)
    from bakeoff.sweep.launch.prepare import prepare

    prepare(planned)
    from bakeoff.sweep.preflight import preflight

    preflight(planned)
    if planned.multirun:
        from bakeoff.bake_off import train_all

        train_all(planned)
    else:
        from bakeoff.train import apply

        apply([*planned.options, *planned.settings, *planned.jobs[0].overrides])


def _refuse(parsed: argparse.Namespace) -> None:
    """Raise BakeoffError for what is no override."""
    for word in parsed.overrides:
        if not hydra_options.is_override(word):
            raise BakeoffError(
                f"{word!r}: expected an override such as seed=3; an experiment is started by "
                f"bakeoff run {word}, or by bakeoff train --config-name {word}"
            )
        key, _, value = word.lstrip("+").partition("=")
        if key == FOLDER and value in paths.experiments() and value != parsed.config_name:
            raise BakeoffError(
                f"{word}: {FOLDER} names a folder in {paths.OUTPUTS}/ and chooses nothing; the experiment "
                f"is started by bakeoff run {value}, or by bakeoff train --config-name {value}"
            )
