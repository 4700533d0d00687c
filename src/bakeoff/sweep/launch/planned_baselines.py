"""Which baselines a sweep has: each once for each data and fold that its candidates have."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from omegaconf import DictConfig, OmegaConf

from bakeoff.identity.candidate import candidate_overrides, fold_of, key_of
from bakeoff.identity.run_id import LENGTH, decisive
from bakeoff.identity.user_files import by_content
from bakeoff.run.baseline import SEED
from bakeoff.run.parts.part_of_data import is_validated_in_part
from bakeoff.store import plan_file, record
from bakeoff.store.digest import digest
from bakeoff.store.inside import inside
from bakeoff.store.plain_file import read_text
from bakeoff.store.plan_file import PlannedJob
from bakeoff.store.record import Metric, RunRecord


@dataclass(frozen=True)
class PlannedBaseline:
    """A baseline to fit: an entry of `config.baselines`, by the name that its record has."""

    config: DictConfig
    record: RunRecord


def planned_baselines(jobs: Sequence[PlannedJob]) -> list[PlannedBaseline]:
    """The baselines of the jobs of a sweep; none of jobs that see a part of the validation split only,
    because a baseline is measured on all of it.
    """
    found: dict[str, PlannedBaseline] = {}
    seen = set()
    for job in jobs:
        fold = fold_of(job.overrides)
        if (job.candidate_id, fold) in seen:
            continue
        seen.add((job.candidate_id, fold))
        config = OmegaConf.create(job.config)
        if not config.get("baselines") or is_validated_in_part(config.trainer):
            continue
        content = decisive(config)
        shared = by_content([content["data"], content["task"], config.threads])
        shared[0].pop("batch_size", None)  # decides no baseline
        overrides = [o for o in candidate_overrides(job.overrides) if key_of(o).startswith("data")]
        for name, entry in OmegaConf.to_container(config.baselines, resolve=True).items():
            id_ = digest([shared, name, by_content(entry)])[:LENGTH]
            run = RunRecord(
                id=id_,
                status="running",
                experiment=config.experiment,
                task=config.task.name,
                candidate=name,
                overrides=[*overrides, *filter(None, [fold])],
                seed=SEED,
                metric=Metric(config.task.metric.name, config.task.metric.direction),
                role="baseline",
            )
            found.setdefault(id_, PlannedBaseline(config, run))
    return list(found.values())


def jobs_of(sweep_dir: Path) -> Sequence[PlannedJob]:
    """The jobs of a sweep's plan; of a search that has none, those that have left a record."""
    if (sweep_dir / plan_file.FILE_NAME).is_file():
        return plan_file.read(sweep_dir).jobs
    return [
        PlannedJob(
            number=number,
            id=run.id,
            candidate=run.candidate,
            candidate_id=run.candidate_id or run.candidate,
            seed=run.seed,
            overrides=run.overrides,
            config=read_text(inside(sweep_dir, f"{run.id}/.hydra/config.yaml")),
        )
        for number, run in enumerate(record.read_all(sweep_dir))
        if (sweep_dir / run.id / ".hydra" / "config.yaml").is_file()
    ]
