"""Config -> objects, with errors that name the config's key."""

import inspect
from collections.abc import Mapping
from typing import Any

import pytorch_lightning as pl
import torch
from omegaconf import DictConfig
from torch import nn

from bakeoff.errors import BakeoffError
from bakeoff.gate.locate import locate
from bakeoff.identity.kind import KIND, LIGHTNING, is_lightning
from bakeoff.nets.carried_state import read
from bakeoff.run.parts.initial_weights import start_from
from bakeoff.run.parts.instantiate import instantiate
from bakeoff.run.parts.make_data import make_data
from bakeoff.run.parts.measures import build_metrics
from bakeoff.run.parts.optimization import build_optimizer, build_schedule
from bakeoff.run.parts.own_module import build_own_module
from bakeoff.run.parts.supervised import Supervised


def build_data(config: DictConfig) -> pl.LightningDataModule:
    """The data module of a config, its files present and checked."""
    data = make_data(config)
    data.prepare_data()
    return data


def set_up_data(config: DictConfig) -> pl.LightningDataModule:
    """The data module of a config, set up for training."""
    data = build_data(config)
    data.setup("fit")
    return data


def build_net(config: DictConfig, data: pl.LightningDataModule) -> nn.Module:
    """The net of a config, for the shapes that `data` declares.

    Raises BakeoffError where it cannot take the input or gives another shape than expected.
    """
    target = config.model.get("_target_")
    arguments = data.net_arguments(config.model)
    _check_arguments(config, arguments, data)
    net = instantiate(config, "model", **arguments)
    if isinstance(net, pl.LightningModule):
        raise BakeoffError(
            f"model: {target} is a LightningModule: say +model.{KIND}={LIGHTNING}, and it trains itself"
        )
    if empty := [name for name, p in net.named_parameters() if p.numel() == 0]:
        raise BakeoffError(
            f"model: {target}: {', '.join(empty)}: no weights: expected widths above 0"
        )
    try:
        net.eval()
        with torch.no_grad():
            output, _ = read(net, torch.zeros(2, *data.input_shape, dtype=data.input_type))
    except RuntimeError as error:
        raise BakeoffError(
            f"model: {target} cannot take inputs of shape {tuple(data.input_shape)}: {error}"
        ) from None
    expected = (2, *data.output_shape)
    if tuple(output.shape) != expected:
        raise BakeoffError(
            f"model: {target} gives {tuple(output.shape)} for a batch of 2, expected {expected}"
        )
    return net.train()


def _check_arguments(
    config: DictConfig, given: Mapping[str, Any], data: pl.LightningDataModule
) -> None:
    """Raises BakeoffError where a net needs what these data do not give, or takes not what they give."""
    target = config.model.get("_target_")
    try:
        known = inspect.signature(locate(target)).parameters.values()
    except (ImportError, AttributeError, ValueError, TypeError):
        return  # instantiating it says more
    kinds = {p.kind for p in known}
    needed = {p.name for p in known if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD}
    missing = needed - set(config.model) - set(given)
    surplus = (
        set() if inspect.Parameter.VAR_KEYWORD in kinds else set(given) - {p.name for p in known}
    )
    if not missing and not surplus:
        return
    said = [f"needs {', '.join(sorted(missing))}"] if missing else []
    said += [f"does not take {', '.join(sorted(surplus))}"] if surplus else []
    raise BakeoffError(
        f"model: {target} {' and '.join(said)}, but the inputs of task {config.task.name} are "
        f"{data.inputs}, for which a net is built with {', '.join(given)}: choose a model for {data.inputs}"
    )


def build_loss(config: DictConfig, net: nn.Module) -> nn.Module:
    """The loss of a config. Raises BakeoffError where a net without autograd cannot train by it."""
    loss = instantiate(config, "loss")
    if loss is None:
        raise BakeoffError(
            f"loss: none is chosen, and model {config.model.get('_target_')} needs one to train by"
        )
    if hasattr(net, "backward") and not hasattr(loss, "with_derivative"):
        raise BakeoffError(
            f"loss: {config.loss.get('_target_')} has no derivative written by hand, but model "
            f"{config.model.get('_target_')} trains without autograd: choose a model of PyTorch's, "
            "or one of loss=classification/..."
        )
    return loss


def build_module(config: DictConfig, data: pl.LightningDataModule) -> pl.LightningModule:
    """The LightningModule of a config; `data` must be set up for training."""
    if is_lightning(config):
        return build_own_module(config, data)
    net = build_net(config, data)
    start_from(net, config)
    mean, std = data.statistics() or (None, None)
    loss = build_loss(config, net)
    if hasattr(loss, "weigh"):
        loss.weigh(data.class_counts())
    return Supervised(
        net=net,
        loss=loss,
        metrics=build_metrics(config),
        optimizer=build_optimizer(config),
        scheduler=build_schedule(config),
        augment=instantiate(config, "augment"),
        regularization=instantiate(config, "regularization"),
        mean=mean,
        std=std,
    )
