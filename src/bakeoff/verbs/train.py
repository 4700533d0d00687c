"""`bakeoff train`: the plain Hydra application, with Hydra's own options."""

import argparse
from pathlib import Path

from bakeoff.store import paths


def add(verbs: argparse._SubParsersAction) -> None:
    """Name it in the help; what follows it is Hydra's to read."""
    verbs.add_parser("train", help="one run or a free-form multirun: the plain Hydra application")


def answer(arguments: list[str]) -> None:
    """Check the runs before one of them starts, then hand over to Hydra."""
    # Which words are options, and which overrides, only Hydra's own parser knows.
    from hydra._internal.utils import get_args_parser

    from bakeoff.sweep.plan import plan

    parsed = get_args_parser().parse_intermixed_args(arguments)
    name = parsed.config_name or "config"
    config_dir = Path(parsed.config_dir) if parsed.config_dir else None
    if config_dir is None and name != "config":
        config_dir = paths.experiment_dir(name)
        arguments = ["--config-dir", str(config_dir), *arguments]
    asks = (parsed.help, parsed.hydra_help, parsed.cfg, parsed.info, parsed.shell_completion)
    if any(asks) or parsed.config_path is not None:
        from bakeoff.train import main

        main(arguments)
        return
    planned = plan(name, parsed.overrides, config_dir, parsed.multirun)
    options = list(arguments)
    for override in parsed.overrides:
        options.remove(override)
    from bakeoff.sweep.preflight import preflight

    preflight(job.config for job in planned.candidates)
    if planned.multirun:
        from bakeoff.bake_off import train_all

        train_all(options, planned)
    else:
        from bakeoff.train import main

        main([*options, *planned.settings, *planned.jobs[0].overrides])
