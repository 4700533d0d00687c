"""`curves.json`: the scalars that a completed run logged, beside its record and quick to read.

TensorBoard's event files hold the same; reading those of 500 runs takes half a minute.
"""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from bakeoff.errors import BakeoffError
from bakeoff.store import atomic
from bakeoff.store.schema import read_json

FILE_NAME = "curves.json"
Points = dict[str, list[tuple[int, float]]]  # step and value, by tag


def write(run_dir: Path, points: Mapping[str, Sequence[tuple[int, float]]]) -> None:
    """Write the points of every tag; a value that is not finite is null. Raises BakeoffError."""
    content = {
        tag: [[step, value if math.isfinite(value) else None] for step, value in found]
        for tag, found in points.items()
    }
    # Without the line breaks of a file for people: it has thousands of numbers.
    atomic.write_text(run_dir / FILE_NAME, json.dumps(content, allow_nan=False) + "\n")


def read(run_dir: Path) -> Points | None:
    """What `write` wrote, NaN in place of what was not finite; None where there is no such file, or a
    damaged one.
    """
    try:
        content = read_json(run_dir / FILE_NAME, "delete it")
        return {
            tag: [(int(step), math.nan if value is None else float(value)) for step, value in found]
            for tag, found in content.items()
        }
    except (OSError, BakeoffError, TypeError, ValueError, AttributeError):
        return None
