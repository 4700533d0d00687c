"""More runs for a sweep that is planned: its runs again, with other values in the place of their own.

Of a sweep over `model=a,b` and `seed=0,1`, the override `model=c` adds c with both seeds, and
`seed=range(3)` adds a and b with seed 2: each run of the sweep is taken with every combination of the given
values, and what the sweep has already is not added.
"""

import shlex
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from hydra.core.override_parser.types import Override
from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.gate.gate import names_in, refuse_objects
from bakeoff.identity import run_id
from bakeoff.identity.candidate import is_of_hydra
from bakeoff.identity.identity import Identity
from bakeoff.store.plan_file import FINALIST, PlanFile, PlannedJob
from bakeoff.sweep.compose.compose import Composer, config_loader
from bakeoff.sweep.compose.compose_jobs import compose_each
from bakeoff.sweep.compose.expand import expand
from bakeoff.sweep.compose.jobs import Job, first_of_candidates
from bakeoff.sweep.compose.overrides import mode_mistakes, option_mistakes
from bakeoff.sweep.content import Content
from bakeoff.sweep.extension_overrides import hydra_settings, refusals
from bakeoff.sweep.identities import identities, planned_job
from bakeoff.sweep.measured import measured_mistakes
from bakeoff.sweep.twins import twins


def extended(
    plan: PlanFile, overrides: Sequence[str], candidates: Collection[str] | None = None
) -> PlanFile:
    """The plan with the jobs that `overrides` add to it, composed as the sweep was; its own jobs stay as
    they are, but for the names of their candidates where these would no longer tell all apart.

    `candidates` are the ids of those whose runs are taken as the model for new ones; None: all. Hydra's own
    settings among the overrides hold for the sweep from then on; a search path is added to the sweep's.
    The same plan comes back where every run is in it; a finalist's run that is asked for becomes one like
    any other. Raises BakeoffError that lists all mistakes, also
    where config files or data have changed, so that runs of before would be others now. What the plan's
    own configs name is trusted: `plan` must be the user's own.
    """
    run_id.register()
    own = hydra_settings(plan.overrides, overrides)
    with config_loader(None if plan.config_dir is None else Path(plan.config_dir)) as loader:
        composer = Composer(loader, plan.config_name, own)
        given = composer.parse(overrides)
        mistakes = [
            *refusals(given),
            *mode_mistakes(given, True),
            *option_mistakes(given, composer),
        ]
        if mistakes:
            raise BakeoffError("\n".join(mistakes))
        models = [
            job
            for job in plan.jobs
            if job.role != FINALIST and (candidates is None or job.candidate_id in candidates)
        ]
        firsts = _firsts(plan)
        varied = [_varied(job, given, composer) for job in models]
        told = [*(job.overrides for job in firsts), *(lines for of in varied for lines in of)]
        every = [*composer.parse(own), *_distinct(told, composer)]
        jobs, mistakes = compose_each(told, every, composer, trusted=_named(firsts))
        if mistakes:
            raise BakeoffError("\n".join(mistakes))
        refuse_objects({name: key for job in jobs for name, key in job.names.items()})
        known, made = jobs[: len(firsts)], jobs[len(firsts) :]
        each = first_of_candidates([*known, *made])
        measured = measured_mistakes(Content(job.config) for job in each)
        if mistakes := [*_changed(firsts, known), *_twins(varied, made), *measured]:
            raise BakeoffError("\n".join(mistakes))
        return _with(_as_ordinary(plan, made), own, overrides, known, _new(plan, made))


def with_finalists(plan: PlanFile, candidates: Collection[str], seeds: Sequence[int]) -> PlanFile:
    """The plan with runs of these candidates on fresh seeds, marked as those of finalists.

    The sweep itself asks for them, so they are no extension of it. Raises BakeoffError as `extended`.
    """
    made = extended(plan, [f"seed={','.join(map(str, seeds))}"], candidates)
    old, new = made.jobs[: len(plan.jobs)], made.jobs[len(plan.jobs) :]
    jobs = [*old, *(replace(job, role=FINALIST) for job in new)]
    return replace(made, jobs=jobs, extensions=plan.extensions)


def _varied(job: PlannedJob, given: Sequence[Override], composer: Composer) -> list[list[str]]:
    """The overrides of a job with each combination of the given values in the place of its own."""
    new = {_key(o): o for o in given if not o.is_hydra_override()}
    own = composer.parse(job.overrides)
    kept = [new.pop(_key(o), o) for o in own]
    return expand([*kept, *new.values()])


def _firsts(plan: PlanFile) -> list[PlannedJob]:
    """The first job of each candidate."""
    found: dict[str, PlannedJob] = {}
    for job in plan.jobs:
        found.setdefault(job.candidate_id, job)
    return list(found.values())


def _named(jobs: Sequence[PlannedJob]) -> set[str]:
    """What the plan's own configs name, which was allowed when it was written."""
    return set[str]().union(*(names_in(OmegaConf.create(job.config)) for job in jobs))


def _key(override: Override) -> tuple[str, str | None]:
    return override.key_or_group, override.package


def _distinct(told: Sequence[Sequence[str]], composer: Composer) -> list[Override]:
    return composer.parse(list(dict.fromkeys(line for lines in told for line in lines)))


def _changed(planned: Sequence[PlannedJob], now: Sequence[Job]) -> list[str]:
    """A line for each run of the sweep that would be another one if it was composed now."""
    return [
        f"{before.candidate}: run {before.id} would be another run now: config files or data have changed "
        "since this sweep began, so what is added would not compare with it. Restore them, or run the "
        "experiment anew"
        for before, job in zip(planned, now, strict=True)
        if (run_id.id_of(job.decisive), job.candidate_id) != (before.id, before.candidate_id)
    ]


def _twins(varied: Sequence[Sequence[list[str]]], made: Sequence[Job]) -> list[str]:
    """A line for each two given values that make the same run of one job; those of two jobs may."""
    sources = [number for number, lines in enumerate(varied) for _ in lines]
    found = twins(
        ((source, job.settings), job.overrides)
        for source, job in zip(sources, made, strict=True)
        if job.settings is not None
    )
    return list(dict.fromkeys(found))


def _new(plan: PlanFile, made: Sequence[Job]) -> list[Job]:
    """The jobs whose runs the plan does not have, each once."""
    there = {job.id for job in plan.jobs}
    settings: dict[str | None, Job] = {job.settings: job for job in reversed(made)}
    by_id = {run_id.id_of(job.decisive): job for job in reversed(settings.values())}
    return [job for id_, job in by_id.items() if id_ not in there]


def _as_ordinary(plan: PlanFile, made: Sequence[Job]) -> PlanFile:
    """The plan where finalists' runs that are asked for are runs like any other: their seeds are no longer
    fresh.
    """
    if not any(job.role == FINALIST for job in plan.jobs):
        return plan
    asked = {run_id.id_of(job.decisive) for job in made}
    return replace(
        plan, jobs=[replace(job, role="") if job.id in asked else job for job in plan.jobs]
    )


def _with(
    plan: PlanFile,
    settings: Sequence[str],
    given: Sequence[str],
    known: Sequence[Job],
    new: Sequence[Job],
) -> PlanFile:
    if not new:
        return plan
    found: list[Identity] = identities([*known, *new])
    names = {identity.candidate: identity.name for identity in found}
    number = max(job.number for job in plan.jobs) + 1
    added = [
        planned_job(replace(job, number=number + at), identity)
        for at, (job, identity) in enumerate(zip(new, found[len(known) :], strict=True))
    ]
    typed = [line for line in plan.overrides if not is_of_hydra(line)]
    return replace(
        plan,
        search_path=list(new[0].config.hydra.searchpath),
        overrides=[*settings, *typed],
        jobs=[*(replace(job, candidate=names[job.candidate_id]) for job in plan.jobs), *added],
        extensions=[*plan.extensions, shlex.join(given)],
    )
