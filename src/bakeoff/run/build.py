"""Config -> objects, with errors that name the config's key."""

import inspect
from collections.abc import Sequence
from typing import Any

import hydra
import pytorch_lightning as pl
import torch
from hydra.errors import InstantiationException
from omegaconf import DictConfig
from omegaconf.errors import MissingMandatoryValue
from torch import Tensor, nn

from bakeoff.errors import BakeoffError
from bakeoff.run.supervised import Supervised
from bakeoff.text.word_vectors import table_for


def instantiate(config: DictConfig, key: str, **arguments: Any) -> Any:
    """The object that `config[key]` describes, None where the config has none.

    Raises BakeoffError where it cannot be made.
    """
    if config.get(key) is None:
        return None
    try:
        return hydra.utils.instantiate(config[key], _convert_="all", **arguments)
    except MissingMandatoryValue as error:
        raise BakeoffError(
            f"{error.full_key} has no value: set it, as in {error.full_key}=VALUE"
        ) from None
    except InstantiationException as error:
        cause = error.__cause__
        while cause is not None:
            if isinstance(cause, BakeoffError):
                raise BakeoffError(f"{key}: {cause}") from None
            cause = cause.__cause__
        reason = str(error.__cause__ or error).split("\n")[0]
        target = config[key].get("_target_")
        raise BakeoffError(f"{key}: cannot make {target} from its settings: {reason}") from error


def build_data(config: DictConfig) -> pl.LightningDataModule:
    """The data module of a config, its files present and checked."""
    data = instantiate(config, "data")
    data.prepare_data()
    return data


def build_net(config: DictConfig, data: pl.LightningDataModule) -> nn.Module:
    """The net of a config, for the shapes that `data` declares.

    Raises BakeoffError where it cannot take the input or gives another shape than expected.
    """
    target = config.model.get("_target_")
    arguments = dict(data.net_arguments)
    _check_kind(target, arguments, config.task.name)
    if config.model.get("embedding") is not None:
        arguments["embedding"] = table_for(config.model.embedding, data)
    net = instantiate(config, "model", **arguments)
    try:
        net.eval()
        with torch.no_grad():
            output = net(torch.zeros(2, *data.input_shape, dtype=data.input_type))
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


def _check_kind(target: str, arguments: dict[str, Any], task: str) -> None:
    """Raises BakeoffError for a net for numbers in a task with words, and the other way round."""
    try:
        known = inspect.signature(hydra.utils.get_object(target)).parameters
    except (ImportError, AttributeError, ValueError, TypeError):
        return  # instantiating it says more
    if any(p.kind is p.VAR_KEYWORD for p in known.values()):
        return
    words = "vocabulary_size" in arguments
    if words and "vocabulary_size" not in known:
        raise BakeoffError(
            f"model: {target} takes numbers, such as images, but task {task} gives ids of words: choose a "
            "model that takes vocabulary_size, such as word_mlp/shallow or word_lstm/shallow"
        )
    if not words and "vocabulary_size" in known:
        raise BakeoffError(
            f"model: {target} takes ids of words, but task {task} gives images: choose another, such as "
            "lenet5/standard or mlp/standard"
        )


def build_loss(config: DictConfig, net: nn.Module) -> nn.Module:
    """The loss of a config. Raises BakeoffError where a net without autograd cannot train by it."""
    loss = instantiate(config, "loss")
    if hasattr(net, "backward") and not hasattr(loss, "with_derivative"):
        raise BakeoffError(
            f"loss: {config.loss.get('_target_')} has no derivative written by hand, but model "
            f"{config.model.get('_target_')} trains without autograd: choose a model of PyTorch's, "
            "or one of loss=classification/..."
        )
    return loss


def build_module(
    config: DictConfig,
    data: pl.LightningDataModule,
    statistics: tuple[Tensor, Tensor] | None = None,
) -> Supervised:
    """The LightningModule of a config.

    `statistics` are the mean and standard deviation that inputs are normalized by; without them `data`
    must be set up for training.
    """
    net = build_net(config, data)
    mean, std = (data.statistics() if statistics is None else statistics) or (None, None)
    loss = build_loss(config, net)
    if hasattr(loss, "weigh") and "train" in data.splits:
        loss.weigh(data.class_counts())
    return Supervised(
        net=net,
        loss=loss,
        metrics=instantiate(config.task, "metrics"),
        optimizer=instantiate(config, "optimizer"),
        scheduler=instantiate(config, "scheduler"),
        augment=instantiate(config, "augment"),
        regularization=instantiate(config, "regularization"),
        mean=mean,
        std=std,
    )


def preflight(configs: Sequence[DictConfig]) -> None:
    """Make the data and try the net of each config. Raises BakeoffError that lists all mistakes."""
    mistakes, made = {}, {}
    for config in configs:
        try:
            key = str(config.data)
            if key not in made:
                made[key] = build_data(config)
            build_loss(config, build_net(config, made[key]))
        except BakeoffError as error:
            mistakes[str(error)] = None
    if mistakes:
        raise BakeoffError("\n".join(mistakes))
