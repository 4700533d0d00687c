"""A run trained again from its record, and every number of both compared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.identity.code_digest import code_of, distribution, other_versions
from bakeoff.identity.environment import packages_now
from bakeoff.report.curves import Curve, read_curves
from bakeoff.run.fit import fit
from bakeoff.run.parts.event_log import BEST, EPOCH_SECONDS, STEP_LOSS
from bakeoff.run.read_back import written_config
from bakeoff.store import atomic
from bakeoff.store.checkpoint import checkpoint
from bakeoff.store.record import RunRecord

CONFIG = Path(".hydra") / "config.yaml"
# What a record of the repetition takes over.
KEPT = (
    "id",
    "experiment",
    "task",
    "candidate",
    "overrides",
    "seed",
    "candidate_id",
    "role",
    "part",
)
# Curves of times, which no repetition gives again, and those that stand in event files alone and say again
# what others say.
LEFT_OUT = (EPOCH_SECONDS, STEP_LOSS)


@dataclass(frozen=True)
class Difference:
    """A number that came out otherwise."""

    name: str
    before: Any
    now: Any


def changes(run_dir: Path, run: RunRecord) -> list[str]:
    """What differs between the training of a run and this moment: packages, Python, code."""
    environment = run.environment
    before = environment.get("packages") or {}
    found = [
        f"{name} was {before.get(name, 'not recorded')}, now {version}"
        for name, version in packages_now().items()
        if before.get(name) != version
    ]
    others = {n: v for n, v in run.packages.items() if distribution(n) not in before}
    found += other_versions(others)
    if run.code is not None and run.code != code_of(written_config(run_dir)).digest():
        found.append(
            "the code of bakeoff, of the parts that the config names, or their packages, changed"
        )
    if environment.get("dirty"):
        found.append("it was trained from a folder with changes that its commit does not hold")
    return found


def train_again(run_dir: Path, run: RunRecord, folder: Path) -> RunRecord:
    """Train the config of a run in `folder`; the record. Raises BakeoffError where the training fails."""
    config = written_config(run_dir)
    folder.mkdir(parents=True)
    atomic.write_text(folder / CONFIG, OmegaConf.to_yaml(config))
    again = RunRecord(
        **{name: getattr(run, name) for name in KEPT},
        status="running",
        metric=replace(run.metric, value=None, epoch=None),
    )
    again.write(folder)
    fit(config, again, folder, show_progress=True)
    again.write(folder)
    if again.status != "completed":
        raise BakeoffError(f"the repetition in {folder} {again.status}: {again.error}")
    return again


def differences(
    run_dir: Path, run: RunRecord, folder: Path, again: RunRecord
) -> tuple[list[Difference], int]:
    """The numbers of two trainings that differ, and how many were compared: the record's, every point of
    every curve, and every weight of the best epoch. Times and memory are left out.
    """
    pairs = [
        *_of_records(run, again),
        *_of_curves(read_curves(run_dir), read_curves(folder)),
        *_of_weights(checkpoint(run_dir, run), checkpoint(folder, again)),
    ]
    return [Difference(*pair) for pair in pairs if not _same(*pair[1:])], len(pairs)


def _of_records(run: RunRecord, again: RunRecord) -> Iterator[tuple[str, Any, Any]]:
    for name in ("parameters", "epochs", "data_fingerprint"):
        yield name, getattr(run, name), getattr(again, name)
    yield f"best {run.metric.name}", run.metric.value, again.metric.value
    yield "epoch of the best", run.metric.epoch, again.metric.epoch
    for name in dict.fromkeys([*run.metrics, *again.metrics]):
        yield f"metrics: {name}", run.metrics.get(name), again.metrics.get(name)


def _of_curves(
    before: Mapping[str, Curve], now: Mapping[str, Curve]
) -> Iterator[tuple[str, Any, Any]]:
    for tag in dict.fromkeys([*before, *now]):
        if tag in LEFT_OUT or tag.startswith(BEST):
            continue
        one, other = (
            dict(zip(*curves.get(tag, ([], [])), strict=True)) for curves in (before, now)
        )
        for at in dict.fromkeys([*one, *other]):
            yield f"curve {tag} at {at}", one.get(at), other.get(at)


def _of_weights(
    before: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[tuple[str, Any, Any]]:
    one, other = before["state_dict"], now["state_dict"]
    for name in dict.fromkeys([*one, *other]):
        yield f"weights: {name}", one.get(name), other.get(name)


def _same(before: Any, now: Any) -> bool:
    if isinstance(before, torch.Tensor) and isinstance(now, torch.Tensor):
        return torch.equal(before, now)
    return before == now
