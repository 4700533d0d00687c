"""`bakeoff train`: the plain Hydra application, with Hydra's own options."""

import argparse
from pathlib import Path

from bakeoff.store import paths


def add(verbs: argparse._SubParsersAction) -> None:
    """Name it in the help; what follows it is Hydra's to read."""
    verbs.add_parser("train", help="one run or a free-form multirun: the plain Hydra application")


def answer(arguments: list[str]) -> None:
    """Check overrides before anything heavy is loaded, then hand over to Hydra."""
    from hydra._internal.utils import get_args_parser

    from bakeoff.sweep.plan import plan
    from bakeoff.train import main

    arguments = [paths.pinned(argument) for argument in arguments]
    parsed = get_args_parser().parse_args(arguments)
    name = parsed.config_name or "config"
    config_dir = Path(parsed.config_dir) if parsed.config_dir else None
    if config_dir is None and name != "config":
        config_dir = paths.experiment_dir(name)
        arguments = ["--config-dir", str(config_dir), *arguments]
    asks = (parsed.help, parsed.hydra_help, parsed.cfg, parsed.info, parsed.shell_completion)
    if not any(asks) and parsed.config_path is None:
        plan(name, parsed.overrides, config_dir, parsed.multirun)
    main(arguments)
