"""What is left of a sweep: the jobs of its `plan.json` that have not ended, with the configs it holds."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from hydra.core.override_parser.types import Override
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.gate.allowed import rule_for_composed
from bakeoff.gate.gate import look_at_hydra
from bakeoff.identity import run_id
from bakeoff.identity.candidate import key_of
from bakeoff.identity.identity import Identity
from bakeoff.store import paths, plan_file, record
from bakeoff.store.plan_file import PlanFile, PlannedJob
from bakeoff.sweep.commands import PLACE_AND_MODE
from bakeoff.sweep.compose.compose import Composer, config_loader
from bakeoff.sweep.compose.jobs import Composed, Job
from bakeoff.sweep.compose.launchers import GROUP as LAUNCHER
from bakeoff.sweep.compose.launchers import launcher_mistakes
from bakeoff.sweep.compose.overrides import option_mistakes, value_mistakes
from bakeoff.sweep.plan import Plan, unheld_limits

LOST = ("failed", "diverged")
LAUNCHER_SETTINGS = "hydra.launcher."


def remaining(sweep_dir: Path, plan: PlanFile, failed: bool) -> list[PlannedJob]:
    """The jobs without a run that has ended; with `failed` those too whose run failed or diverged.

    A run whose record is damaged has not ended.
    """
    done = set(record.ENDED).difference(LOST if failed else ())
    ended = {run.id for run in readable(sweep_dir) if run.status in done}
    return [job for job in plan.jobs if job.id not in ended]


def unfinished_sweep(experiment: str) -> Path:
    """The newest sweep of an experiment with a run that has not ended. Raises BakeoffError without one."""
    found = sorted((paths.OUTPUTS / experiment).glob(f"*/{plan_file.FILE_NAME}"), reverse=True)
    for path in found:
        folder = path.parent
        if folder.name != paths.LATEST and remaining(folder, plan_file.read(folder), failed=False):
            return folder.resolve()
    raise BakeoffError(
        f"no unfinished sweep of {experiment} in {paths.OUTPUTS / experiment}: every run of its sweeps "
        "has ended; run it without --resume, or give a sweep to bakeoff resume"
    )


def readable(sweep_dir: Path) -> list[record.RunRecord]:
    """The records of a sweep's runs but for damaged ones."""
    found = []
    for path in sorted(sweep_dir.glob(f"*/{record.FILE_NAME}")):
        try:
            found.append(record.read(path.parent))
        except BakeoffError:
            continue
    return found


def plan_of(
    plan: PlanFile, jobs: Sequence[PlannedJob], launcher: Sequence[str] = ()
) -> tuple[Plan, list[Identity]]:
    """The plan and the identities of `jobs`, which are of `plan`, as when the sweep began; `launcher`,
    overrides of the launcher's settings, take the place of those of then.

    Only Hydra's own settings are composed anew, and looked at; the configs of a plan of the user's own are
    trusted. Raises BakeoffError for mistakes in `launcher`, and where a run would be another one, because
    files that its config names have changed.
    """
    run_id.register()
    config_dir = None if plan.config_dir is None else Path(plan.config_dir)
    typed = _with_launcher(plan.overrides, launcher)
    with config_loader(config_dir) as loader:
        composer = Composer(loader, plan.config_name, typed)
        _check_launcher(composer, launcher, typed)
        settings = [o.input_line for o in composer.parse(typed) if o.is_hydra_override()]
        parse = cache(lambda line: composer.parse([line])[0])
        bases: dict[tuple[str, ...], tuple[DictConfig, Mapping[str, str]]] = {}
        composed: dict[tuple[str, ...], Composed] = {}
        made = []
        for job in jobs:
            parsed = [parse(line) for line in job.overrides]
            choice = tuple(o.input_line for o in parsed if composer.decides_keys(o))
            if choice not in bases:
                base = composer.compose([*settings, *choice], RunMode.RUN)
                looked = look_at_hydra(base, rule_for_composed())
                if lines := looked.lines():
                    raise BakeoffError("\n".join(lines))
                bases[choice] = base.hydra, looked.names
                composed[choice] = _composed(job, base.hydra)
            hydra, names = bases[choice]
            values = [o for o in parsed if not composer.decides_keys(o)]
            if composed[choice].whole.text(values) == job.config:
                made.append(_job(job, composed[choice], values, settings, names))
            else:  # whatever its overrides say
                made.append(_job(job, _composed(job, hydra), [], settings, names))
    if mistakes := unheld_limits(made):
        raise BakeoffError("\n".join(mistakes))
    planned = Plan(plan.config_name, config_dir, plan.overrides, typed, multirun=True, jobs=made)
    return planned, [Identity(job.id, job.candidate_id, job.candidate, job.role) for job in jobs]


def _with_launcher(overrides: Sequence[str], launcher: Sequence[str]) -> list[str]:
    new = {key_of(line) for line in launcher}
    kept = [line for line in overrides if key_of(line) not in (*PLACE_AND_MODE, *new)]
    if LAUNCHER in new:  # the settings of another one
        kept = [line for line in kept if not key_of(line).startswith(LAUNCHER_SETTINGS)]
    return [*kept, *launcher]


def _check_launcher(composer: Composer, launcher: Sequence[str], typed: Sequence[str]) -> None:
    given = composer.parse(launcher)
    mistakes = [
        f"{o.input_line}: a sweep goes on as it was planned: only {LAUNCHER}=... and "
        f"{LAUNCHER_SETTINGS}... can be changed; `bakeoff extend` adds candidates and seeds"
        for o in given
        if o.key_or_group != LAUNCHER and not o.key_or_group.startswith(LAUNCHER_SETTINGS)
    ]
    mistakes += launcher_mistakes(given) or option_mistakes(given, composer)
    if not mistakes:
        chosen = [o.input_line for o in composer.parse(typed) if o.key_or_group == LAUNCHER]
        base = composer.compose(chosen, RunMode.RUN)
        settings = [o for o in given if o.key_or_group != LAUNCHER]
        mistakes = [m for o in settings for m in value_mistakes(o, base)]
    if mistakes:
        raise BakeoffError("\n".join(mistakes))


def _composed(job: PlannedJob, hydra: DictConfig) -> Composed:
    """The config that the plan has of a job, with Hydra's settings."""
    config = OmegaConf.create(job.config)
    config.hydra = hydra
    OmegaConf.set_struct(config, True)
    return Composed(config)


def _job(
    planned: PlannedJob,
    composed: Composed,
    values: Sequence[Override],
    settings: Sequence[str],
    names: Mapping[str, str],
) -> Job:
    job = Job(planned.number, planned.overrides, settings, composed, values, names)
    if run_id.id_of(job.decisive) != planned.id:
        raise BakeoffError(
            f"{' '.join(job.overrides)}: this is no longer run {planned.id}: files that its config names "
            "have changed, or are not found from this folder. Restore them, or run the experiment anew"
        )
    return job
