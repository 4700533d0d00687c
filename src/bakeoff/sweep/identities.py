"""What a plan calls its runs and candidates: the content of the user's files is read for it, once."""

from collections.abc import Sequence

from bakeoff.errors import BakeoffError
from bakeoff.identity.candidate import candidate_overrides, candidate_words
from bakeoff.identity.identity import Identity
from bakeoff.identity.run_id import id_of
from bakeoff.store.plan_file import PlanFile, PlannedJob
from bakeoff.sweep.compose.jobs import Job
from bakeoff.sweep.compose.names import candidate_names
from bakeoff.sweep.plan import Plan
from bakeoff.sweep.twins import twins


def identities(jobs: Sequence[Job]) -> list[Identity]:
    """The identity of each job. Raises BakeoffError where two of them are the same run."""
    runs: list[str] = []
    candidates: dict[tuple[str, ...], str] = {}  # by the overrides that are the candidate's
    words: dict[str, list[str]] = {}  # by candidate
    for job in jobs:
        own = tuple(candidate_overrides(job.overrides))
        runs.append(id_of(job.decisive))
        if own not in candidates:
            candidates[own] = job.candidate_id
            model = job.composed.choices.get("model") or "model"
            words.setdefault(candidates[own], candidate_words(job.overrides, model))
    if mistakes := twins((run, job.overrides) for run, job in zip(runs, jobs, strict=True)):
        raise BakeoffError("\n".join(mistakes))
    names = candidate_names(words)
    found = [candidates[tuple(candidate_overrides(job.overrides))] for job in jobs]
    return [Identity(run, id_, names[id_]) for run, id_ in zip(runs, found, strict=True)]


def plan_file(plan: Plan, identities: Sequence[Identity]) -> PlanFile:
    """What `plan.json` holds."""
    config = plan.jobs[0].config
    return PlanFile(
        experiment=config.experiment,
        config_name=plan.config_name,
        config_dir=None if plan.config_dir is None else str(plan.config_dir.resolve()),
        search_path=list(config.hydra.searchpath),
        overrides=plan.typed,
        jobs=[planned_job(job, of) for job, of in zip(plan.jobs, identities, strict=True)],
    )


def planned_job(job: Job, identity: Identity) -> PlannedJob:
    """What `plan.json` holds of a job."""
    return PlannedJob(
        number=job.number,
        id=identity.run,
        candidate=identity.name,
        candidate_id=identity.candidate,
        seed=job.sections["seed"],
        overrides=job.overrides,
        config=job.text,
    )
