"""An experiment: a primary config of `experiments/` that carries its file's name, and is always swept."""

from collections.abc import Sequence

from bakeoff.errors import BakeoffError
from bakeoff.store import paths
from bakeoff.sweep.plan import Plan, draft


def plan_experiment(experiment: str, overrides: Sequence[str]) -> Plan:
    """The plan of an experiment's sweep. Raises BakeoffError that lists all mistakes."""
    planned, mistakes = draft_experiment(experiment, overrides)
    if mistakes:
        raise BakeoffError("\n".join(mistakes))
    return planned


def draft_experiment(experiment: str, overrides: Sequence[str]) -> tuple[Plan | None, list[str]]:
    """As `draft`. Raises BakeoffError where there is no such experiment, or it has another's name."""
    folder = paths.experiment_dir(experiment)
    planned, mistakes = draft(experiment, overrides, folder, multirun=True)
    named = planned.jobs[0].config.experiment if planned else experiment
    if named != experiment:
        raise BakeoffError(
            f"{folder / experiment}.yaml says experiment: {named}; expected {experiment}, the file's name"
        )
    return planned, mistakes
