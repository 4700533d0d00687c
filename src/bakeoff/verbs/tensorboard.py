"""`bakeoff tensorboard`: the curves of a sweep, its runs under names that people read."""

import argparse
from functools import partial
from pathlib import Path

from bakeoff.run.hooks.interruption import InterruptedRunError
from bakeoff.store import paths

DESCRIPTION = (
    "Show the curves of a sweep on 127.0.0.1. TensorBoard knows no password: whoever reaches its port "
    "reads every curve, picture and config. From another machine: ssh -L 6006:127.0.0.1:6006 HOST."
)


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser(
        "tensorboard", help="show the curves of a sweep on 127.0.0.1", description=DESCRIPTION
    )
    forms = f"{paths.SWEEP_FORMS}; or a run's folder (default: latest)"
    parser.add_argument("sweep", nargs="?", default=paths.LATEST, help=forms)
    parser.add_argument("--port", type=int, help="default: 6006, or the next one that is free")
    parser.set_defaults(answer=answer)


def answer(parsed: argparse.Namespace) -> None:
    """Serve until Ctrl-C."""
    sweep = paths.sweep_dir(parsed.sweep)
    from bakeoff.report.board import show_board

    try:
        show_board(sweep, parsed.port, partial(_say, sweep))
    except InterruptedRunError:
        print("stopped")


def _say(sweep: Path, address: str, pins: str) -> None:
    print(f"curves of       {sweep}\nTensorBoard     {address}")
    if pins:
        print(f"charts pinned   {address}{pins}")
    print("Ctrl-C ends it", flush=True)
