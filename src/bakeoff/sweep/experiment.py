"""An experiment: a primary config of `experiments/` that carries its file's name, and is always swept."""

from collections.abc import Sequence
from pathlib import Path

from bakeoff.errors import BakeoffError
from bakeoff.sweep.compose.primary import located
from bakeoff.sweep.plan import Plan, draft


def plan_experiment(
    experiment: str, overrides: Sequence[str], config_dir: Path | None = None
) -> Plan:
    """The plan of an experiment's sweep. Raises BakeoffError that lists all mistakes."""
    planned, mistakes = draft_experiment(experiment, overrides, config_dir)
    if mistakes:
        raise BakeoffError("\n".join(mistakes))
    return planned


def draft_experiment(
    experiment: str, overrides: Sequence[str], config_dir: Path | None = None
) -> tuple[Plan | None, list[str]]:
    """As `draft`; `config_dir` is a folder of the user's own, with the experiment or groups for it.

    Raises BakeoffError where there is no such experiment, or it has another's name.
    """
    folder, overrides = located(experiment, config_dir, overrides)
    planned, mistakes = draft(experiment, overrides, folder, multirun=True)
    named = planned.jobs[0].config.experiment if planned else experiment
    if named != experiment:
        raise BakeoffError(
            f"{folder / experiment}.yaml says experiment: {named}; expected {experiment}, the file's name"
        )
    return planned, mistakes
