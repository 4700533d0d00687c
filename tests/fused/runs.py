"""Runs of real configs, alone and together, in this process."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from hydra import compose, initialize_config_dir
from torch import nn

from bakeoff.fused.together import run_together
from bakeoff.identity import run_id
from bakeoff.run.fit import fit
from bakeoff.run.hooks.interruption import Interruption
from bakeoff.store import paths
from bakeoff.store.record import Metric, RunRecord


@dataclass
class Trained:
    """What a run left: its record, its net and its directory."""

    record: RunRecord
    net: nn.Module | None
    folder: Path


def alone(folder: Path, lines: Sequence[Sequence[str]]) -> list[Trained]:
    """Train a run for each list of overrides, one after another."""
    return [_train(folder / str(number), own, None) for number, own in enumerate(lines)]


def together(
    folder: Path, lines: Sequence[Sequence[str]], asked: Interruption | None = None
) -> list[Trained]:
    """Train the same runs as one, until they are `asked` to end."""

    def way(number: int, own: Sequence[str]) -> Any:
        return lambda adapt: _train(folder / str(number), own, adapt)

    runs = [way(number, own) for number, own in enumerate(lines)]
    turns = run_together(runs, must_pay=False, asked=asked)
    for turn in turns:
        if turn.error is not None:
            raise turn.error
    return [turn.result for turn in turns]


def difference(first: Trained, second: Trained) -> float:
    """The Euclidean norm of the difference of two runs' weights, relative to that of the first."""
    one, other = (
        torch.cat([p.detach().flatten() for p in t.net.parameters()]) for t in (first, second)
    )
    return float((one - other).norm() / one.norm())


def _train(folder: Path, overrides: Sequence[str], adapt: Any) -> Trained:
    run_id.register()
    with initialize_config_dir(str(paths.conf_dir().resolve()), version_base="1.3"):
        config = compose("config", overrides=list(overrides))
    folder.mkdir(parents=True)
    metric = Metric(config.task.metric.name, config.task.metric.direction)
    record = RunRecord(
        "run", "running", "together", config.task.name, "net", list(overrides), config.seed, metric
    )
    kept: list[nn.Module] = []

    def watch(trainer: Any, module: Any) -> None:
        kept.append(module.net)
        if adapt is not None:
            adapt(trainer, module)

    fit(config, record, folder, show_progress=False, adapt=watch)
    record.write(folder)
    return Trained(record, kept[0] if kept else None, folder)


def checkpoint(trained: Trained, name: str) -> dict[str, Any]:
    """A checkpoint of a run."""
    return torch.load(trained.folder / "checkpoints" / name, weights_only=True)
