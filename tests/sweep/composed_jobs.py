"""Jobs of the experiment on localization, as overrides make them."""

from collections.abc import Sequence

from hydra.core.override_parser.types import Override

from bakeoff.store import paths
from bakeoff.sweep.compose.compose import Composer, config_loader
from bakeoff.sweep.compose.compose_jobs import compose_jobs
from bakeoff.sweep.compose.jobs import Job

LOCALIZATION = paths.experiment_dir("localization")


def composed(*lines: str) -> tuple[Sequence[Job], Sequence[str], Composer]:
    """The jobs, their mistakes, and the composer that made them, with its overrides."""
    with config_loader(LOCALIZATION) as loader:
        composer = Composer(loader, "localization", lines)
        given: list[Override] = composer.parse(lines)
        return (*compose_jobs(given, composer), composer)
