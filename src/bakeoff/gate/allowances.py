"""What the user allows configs to name besides: never told by a config, and the same in every worker."""

import argparse
import os
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bakeoff.errors import BakeoffError
from bakeoff.gate.error_text import first_line

ALLOW = "BAKEOFF_ALLOW"
OPTION = "--allow"
HELP = "let configs name what a package holds, with all its code; may be repeated"
PACKAGE = re.compile(r"\w+(\.\w+)*")


class Allow(argparse.Action):
    """The option `--allow PACKAGE`: noted in the environment, which workers get too."""

    def __init__(self, **given: Any) -> None:
        super().__init__(
            **given | {"metavar": "PACKAGE", "help": HELP, "default": argparse.SUPPRESS}
        )

    def __call__(self, parser: Any, namespace: Any, values: Any, option: str | None = None) -> None:
        """Note a package. Raises BakeoffError where it is no name."""
        _expect_packages([values])
        os.environ[ALLOW] = ",".join(filter(None, [os.environ.get(ALLOW), values]))


def without_option(arguments: Sequence[str]) -> list[str]:
    """Arguments for a parser that does not know `--allow`, which is noted."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument(OPTION, action=Allow)
    return parser.parse_known_args(arguments)[1]


def allowed_by_user() -> list[str]:
    """Packages that the user allows: by `--allow`, BAKEOFF_ALLOW, and pyproject.toml in this directory.

    Raises BakeoffError where these are no names.
    """
    names = [name.strip() for name in os.environ.get(ALLOW, "").split(",") if name.strip()]
    file = Path("pyproject.toml")
    if file.is_file():
        try:
            listed = tomllib.loads(file.read_text(encoding="utf-8"))
            listed = listed.get("tool", {}).get("bakeoff", {}).get("allow", [])
        except (OSError, ValueError, AttributeError) as error:
            raise BakeoffError(f"cannot read {file.resolve()}: {first_line(error)}") from None
        if not isinstance(listed, list):
            raise BakeoffError(
                f"{file.resolve()}: [tool.bakeoff] allow: expected a list of packages"
            )
        names += listed
    _expect_packages(names)
    return names


def _expect_packages(names: Sequence[Any]) -> None:
    if wrong := [name for name in names if not PACKAGE.fullmatch(str(name))]:
        raise BakeoffError(
            f"{wrong[0]!r} in {OPTION}, {ALLOW} or [tool.bakeoff] allow: expected packages, as in mypackage"
        )
