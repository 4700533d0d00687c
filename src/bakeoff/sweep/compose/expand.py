"""Overrides with several values -> the overrides of each job, in the order of Hydra's basic sweeper."""

from collections.abc import Sequence
from itertools import product

from hydra.core.override_parser.types import Override

from bakeoff.errors import BakeoffError


def expand(overrides: Sequence[Override]) -> list[list[str]]:
    """The lines of every job: each combination of values, the last override's values next to each other.

    Of two overrides of one key the later one counts. Raises BakeoffError for values without number.
    """
    lines = {override.get_key_element(): values(override) for override in overrides}
    return [list(job) for job in product(*lines.values())]


def values(override: Override) -> list[str]:
    """An override with one value for each value that it has.

    Raises BakeoffError where it has none, or values without number.
    """
    key = override.get_key_element()
    if not override.is_sweep_override():
        if override.is_delete() and override.value_type is None:
            return [key]
        if "${" in override.input_line:  # Hydra would write it with backslashes
            return [override.input_line]
        return [f"{key}={override.get_value_element_as_str()}"]
    if not override.is_discrete_sweep():
        raise BakeoffError(
            f"{override.input_line}: expected values that can be counted, such as {key}=1,2,3 or "
            f"{key}=range(3)"
        )
    found = [f"{key}={value}" for value in override.sweep_string_iterator()]
    if not found:
        raise BakeoffError(f"{override.input_line}: names no value: expected one or more")
    return found
