"""`--allow PACKAGE` on the commands that make objects from configs."""

import argparse

from bakeoff.gate.allowances import OPTION, Allow


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the option."""
    parser.add_argument(OPTION, action=Allow)
