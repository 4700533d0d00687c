"""What is checked of a sweep before anything trains, beyond the words on the command line."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytorch_lightning as pl
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import InterpolationToMissingValueError

from bakeoff.errors import BakeoffError
from bakeoff.run.baseline import baseline_mistakes
from bakeoff.run.build import build_data, build_loss, build_net
from bakeoff.run.gate import refuse_objects
from bakeoff.run.initial_weights import start_from, try_checkpoint
from bakeoff.run.instantiate import instantiate
from bakeoff.run.kind import KIND, LIGHTNING, is_lightning
from bakeoff.run.leaves import leaves
from bakeoff.run.no_exit import no_exit
from bakeoff.run.own_module_trial import try_own_module
from bakeoff.run.trainer import trainer_mistakes
from bakeoff.run.trial import (
    first_targets,
    try_loss,
    try_metrics,
    try_optimization,
    try_trainer,
)
from bakeoff.sweep.limits import limit_mistakes
from bakeoff.sweep.plan import Plan
from bakeoff.sweep.ranges import range_mistakes
from bakeoff.sweep.signatures import signature_mistakes

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
    return preflight_mistakes(job.config for job in planned.candidates)


def preflight_mistakes(configs: Iterable[DictConfig]) -> list[str]:
    """A line for each mistake in configs that have passed the gate. Equal data are made once, of equal nets
    and losses one is tried, and so of all other parts.
    """
    mistakes: dict[str, None] = {}
    sound: dict[str, dict[str, list[DictConfig]]] = {}  # by data, then by net and loss
    trainers: set[str] = set()
    for config in configs:
        config = OmegaConf.masked_copy(config, [key for key in config if key != "hydra"])
        content = _plain(config)
        found = [
            *_missing_values(config),
            *_choice_mistakes(config),
            *limit_mistakes(content),
            *range_mistakes(config),
            *signature_mistakes(content),
        ]
        if not _concerns(found, "trainer", "callbacks"):
            trained = _text([content.get(key) for key in TRAINER_PARTS])
            if trained not in trainers:
                trainers.add(trained)
                found += [*trainer_mistakes(config)] or [*_failed(try_trainer, config)]
        mistakes |= dict.fromkeys(found)
        if not _concerns(found, "data", "model", "loss"):
            tried = [content.get("model"), content.get("loss")]
            of_data = sound.setdefault(_text(content.get("data")), {})
            of_data.setdefault(_text(tried), []).append(config)
    for configs_of_data in sound.values():
        mistakes |= dict.fromkeys(_trial_mistakes(list(configs_of_data.values()), list(mistakes)))
    return list(mistakes)


def _trial_mistakes(groups: list[list[DictConfig]], known: list[str]) -> Iterator[str]:
    """What goes wrong when these configs, which share their data, are tried; those of a group share their
    net and loss too. What `known` mistakes concern is not tried.
    """
    try:
        with no_exit(_parts(groups[0][0], "data")):
            data = build_data(groups[0][0])
            own = [configs for configs in groups if is_lightning(configs[0])]
            nets = [configs for configs in groups if not is_lightning(configs[0])]
            target = first_targets(data) if nets else None
    except BakeoffError as error:
        yield str(error)
        return
    if not _concerns(known, "baselines"):
        for config in _distinct([one for of in groups for one in of], "baselines", "task"):
            yield from _baseline_mistakes(config, data)
    for config in (config for configs in own for config in _distinct(configs, *TRIED_OF_OWN)):
        yield from _failed(try_own_module, config, data)
    for configs in nets:
        for name in sorted(set(data.built_for) & set(configs[0].model)):
            yield f"model.{name}: the data say what it is: leave it out"
        try:
            with no_exit(_parts(configs[0], "model", "loss")):
                net = build_net(configs[0], data)
                loss = build_loss(configs[0], net)
                output, parts = try_loss(configs[0], net, loss, data, target)
        except BakeoffError as error:
            yield str(error)
            continue
        for config in _distinct(configs, "init_from", "ckpt_path"):
            yield from _failed(try_checkpoint, config, net)
            yield from _failed(start_from, net, config)
        for key in CHANGES:
            for config in _distinct(configs, key):
                yield from _failed(instantiate, config, key)
        if not _concerns(known, "optimizer", "scheduler"):
            for config in _distinct(configs, "optimizer", "scheduler"):
                yield from _failed(try_optimization, config, net)
        if not _concerns(known, "task", "callbacks"):
            for config in _distinct(configs, "task", "callbacks", "trainer", "scheduler"):
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


def _distinct(configs: Iterable[DictConfig], *sections: str) -> list[DictConfig]:
    """One config for each content of these sections."""
    found = {}
    for config in configs:
        content = _plain(config)
        found.setdefault(_text([content.get(key) for key in sections]), config)
    return list(found.values())


def _choice_mistakes(config: DictConfig) -> Iterator[str]:
    for key in ("data", "model"):
        if OmegaConf.select(config, key) is None:
            yield f"{key}: none is chosen: name its class, as in +{key}._target_=package.Class"
    kind = OmegaConf.select(config, f"model.{KIND}")
    if kind not in (None, LIGHTNING):
        yield (
            f"model.{KIND}={kind}: expected {LIGHTNING}, for a LightningModule that trains itself; leave "
            "it out for a net"
        )
    for key in ("task.name", "task.metric.name"):
        if OmegaConf.select(config, key) is None:
            yield f"{key} has no value: set it, as in +{key}=VALUE"
    direction = OmegaConf.select(config, "task.metric.direction")
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


def _missing_values(config: DictConfig) -> Iterator[str]:
    for key, value in leaves(OmegaConf.to_container(config, resolve=False)):
        if value == "???":
            yield f"{key} has no value: set it, as in {key}=VALUE"


def _plain(config: DictConfig) -> dict[str, Any]:
    try:
        return OmegaConf.to_container(config, resolve=True)
    except InterpolationToMissingValueError:  # named as a missing value
        return OmegaConf.to_container(config, resolve=False)


def _text(content: Any) -> str:
    return json.dumps(content, sort_keys=True, default=str)
