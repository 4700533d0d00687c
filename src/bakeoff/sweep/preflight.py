"""What is checked of a sweep before anything trains, beyond the words on the command line."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pytorch_lightning as pl
from omegaconf import DictConfig, OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.gate.gate import refuse_objects
from bakeoff.gate.leaves import leaves
from bakeoff.gate.no_exit import no_exit
from bakeoff.identity.kind import KIND, LIGHTNING, is_lightning
from bakeoff.run.baseline import baseline_mistakes
from bakeoff.run.own_module_trial import try_own_module
from bakeoff.run.parts.build import build_data, build_loss, build_net
from bakeoff.run.parts.initial_weights import start_from, try_checkpoint
from bakeoff.run.parts.instantiate import instantiate
from bakeoff.run.parts.trainer import trainer_mistakes
from bakeoff.run.trial import (
    first_targets,
    try_loss,
    try_metrics,
    try_optimization,
    try_trainer,
)
from bakeoff.sweep.compose.limits import limit_mistakes
from bakeoff.sweep.content import Content, distinct
from bakeoff.sweep.fold import fold_mistakes
from bakeoff.sweep.late_status import LateStatus
from bakeoff.sweep.measured import measured_mistakes
from bakeoff.sweep.plan import Plan
from bakeoff.sweep.ranges import range_mistakes
from bakeoff.sweep.signatures import signature_mistakes
from bakeoff.sweep.unread import unread_mistakes

CHANGES = ("augment", "regularization")  # parts of a run that nothing else here makes
TRIED_OF_OWN = ("trainer", "task", "callbacks", "init_from", "ckpt_path")
TRAINER_PARTS = ("trainer", "callbacks", "optimizer")  # what decides whether a trainer can be made


def preflight(planned: Plan) -> None:
    """Check the settings of each candidate, make its data and try its net. Raises BakeoffError that lists
    all mistakes.
    """
    if mistakes := plan_mistakes(planned):
        raise BakeoffError("\n".join(mistakes))


def plan_mistakes(planned: Plan) -> list[str]:
    """As `preflight_mistakes`, of the candidates of a plan. Raises BakeoffError, before anything is made,
    where a config names what leads to something that is not allowed.
    """
    refuse_objects(planned.names)
    status = LateStatus()
    candidates = status.each(planned.candidates, "the settings of candidates")
    return preflight_mistakes((job.config for job in candidates), status)


def preflight_mistakes(
    configs: Iterable[DictConfig], status: LateStatus | None = None
) -> list[str]:
    """A line for each mistake in configs that have passed the gate. Equal data are made once, of equal nets
    and losses one is tried, and so of all other parts. `status` says how far the trials are.
    """
    status = status or LateStatus()
    mistakes: dict[str, None] = {}
    sound: dict[str, dict[str, list[Content]]] = {}  # by data, then by net and loss
    trainers: set[str] = set()
    signatures: dict[tuple[str, str], list[str]] = {}  # mistakes by section and its content
    candidates = list(map(Content, configs))
    for candidate in candidates:
        content = candidate.plain
        found = [
            *_missing_values(content),
            *_choice_mistakes(content),
            *limit_mistakes(content),
            *range_mistakes(content),
            *fold_mistakes(candidate.config),
            *unread_mistakes(candidate.config, content),
        ]
        for name, section in content.items():
            key = (name, candidate.text(name))
            if key not in signatures:
                signatures[key] = list(signature_mistakes(section, name))
            found += signatures[key]
        if not _concerns(found, "trainer", "callbacks"):
            trained = candidate.text(*TRAINER_PARTS)
            if trained not in trainers:
                trainers.add(trained)
                config = candidate.config
                found += [*trainer_mistakes(config)] or [*_failed(try_trainer, config)]
        mistakes |= dict.fromkeys(found)
        if not _concerns(found, "data", "model", "loss"):
            of_data = sound.setdefault(candidate.text("data"), {})
            of_data.setdefault(candidate.text("model", "loss"), []).append(candidate)
    mistakes |= dict.fromkeys(measured_mistakes(candidates))
    for of_data in sound.values():
        mistakes |= dict.fromkeys(_trial_mistakes(list(of_data.values()), list(mistakes), status))
    return list(mistakes)


def _trial_mistakes(
    groups: list[list[Content]], known: list[str], status: LateStatus
) -> Iterator[str]:
    """What goes wrong when these configs, which share their data, are tried; those of a group share their
    net and loss too. What `known` mistakes concern is not tried.
    """
    try:
        first = groups[0][0].config
        with no_exit(_parts(first, "data")):
            data = build_data(first)
            own = [group for group in groups if is_lightning(group[0].plain)]
            nets = [group for group in groups if not is_lightning(group[0].plain)]
            target = first_targets(data) if nets else None
    except BakeoffError as error:
        yield str(error)
        return
    if not _concerns(known, "baselines"):
        for config in distinct([one for of in groups for one in of], "baselines", "task"):
            yield from _baseline_mistakes(config, data)
    for config in (config for group in own for config in distinct(group, *TRIED_OF_OWN)):
        yield from _failed(try_own_module, config, data)
    for group in status.each(nets, "models"):
        first = group[0].config
        for name in sorted(set(data.built_for) & set(first.model)):
            yield f"model.{name}: the data say what it is: leave it out"
        try:
            with no_exit(_parts(first, "model", "loss")):
                net = build_net(first, data)
                loss = build_loss(first, net)
                output, parts = try_loss(first, net, loss, data, target)
        except BakeoffError as error:
            yield str(error)
            continue
        for config in distinct(group, "init_from", "ckpt_path"):
            yield from _failed(try_checkpoint, config, net)
            yield from _failed(start_from, net, config)
        for key in CHANGES:
            for config in distinct(group, key):
                yield from _failed(instantiate, config, key)
        if not _concerns(known, "optimizer", "scheduler"):
            for config in status.each(distinct(group, "optimizer", "scheduler"), "optimizers"):
                yield from _failed(try_optimization, config, net)
        if not _concerns(known, "task", "callbacks"):
            tried = distinct(group, "task", "callbacks", "trainer", "scheduler")
            for config in status.each(tried, "metrics and callbacks"):
                yield from _failed(try_metrics, config, output, target, parts)


def _failed(attempt: Callable[..., Any], *arguments: Any) -> Iterator[str]:
    try:
        with no_exit("one of model, task, trainer, callbacks, optimizer, scheduler"):
            attempt(*arguments)
    except BakeoffError as error:
        yield str(error)


def _parts(config: DictConfig, *keys: str) -> str:
    """Parts of a config with the classes that they name."""
    return ", ".join(f"{key} {OmegaConf.select(config, f'{key}._target_')}" for key in keys)


def _concerns(mistakes: Iterable[str], *sections: str) -> bool:
    return any(line.startswith(sections) for line in mistakes)


def _choice_mistakes(content: Mapping[str, Any]) -> Iterator[str]:
    given = dict(leaves(content))
    for key in ("data", "model"):
        if content.get(key) is None:
            yield f"{key}: none is chosen: name its class, as in +{key}._target_=package.Class"
    kind = given.get(f"model.{KIND}")
    if kind not in (None, LIGHTNING):
        yield (
            f"model.{KIND}={kind}: expected {LIGHTNING}, for a LightningModule that trains itself; leave "
            "it out for a net"
        )
    for key in ("task.name", "task.metric.name"):
        if given.get(key) is None:
            yield f"{key} has no value: set it, as in +{key}=VALUE"
    direction = given.get("task.metric.direction")
    if direction not in ("max", "min"):
        yield f"task.metric.direction={direction}: expected max, more is better, or min"


def _baseline_mistakes(config: DictConfig, data: pl.LightningDataModule) -> Iterator[str]:
    if not config.get("baselines"):
        return
    try:
        data.setup("fit")
        yield from baseline_mistakes(config, data.built_for)
    except BakeoffError as error:
        yield f"{error}; or, without baselines, set baselines=none"


def _missing_values(content: Mapping[str, Any]) -> Iterator[str]:
    for key, value in leaves(content):
        if value == "???":
            yield f"{key} has no value: set it, as in {key}=VALUE"
