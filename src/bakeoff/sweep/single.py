"""The one config that `--cfg` prints."""

from collections.abc import Sequence
from pathlib import Path

from bakeoff.errors import BakeoffError
from bakeoff.sweep.compose.compose import Composer, config_loader
from bakeoff.sweep.plan import draft


def single_overrides(
    config_name: str, overrides: Sequence[str], config_dir: Path | None
) -> list[str]:
    """Overrides that the plain Hydra application takes for a single config. Raises BakeoffError that lists
    all mistakes, and where an override has several values.
    """
    with config_loader(config_dir) as loader:
        given = Composer(loader, config_name, overrides).parse(overrides)
    if several := [o.input_line for o in given if o.is_sweep_override()]:
        raise BakeoffError(
            f"{' '.join(several)}: several values, and --cfg shows one config: give one value each, or "
            "list the jobs by bakeoff run EXPERIMENT --dry-run"
        )
    _, mistakes = draft(config_name, [*overrides, "hydra.mode=RUN"], config_dir)
    if mistakes:
        raise BakeoffError("\n".join(mistakes))
    return [o.input_line for o in given]
