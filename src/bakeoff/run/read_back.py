"""A finished run, read back: its config, its data, and its net with the best weights."""

import logging
from collections.abc import Mapping
from pathlib import Path

import pytorch_lightning as pl
import torch
from omegaconf import DictConfig, OmegaConf
from torch import Tensor, nn

from bakeoff.errors import BakeoffError
from bakeoff.gate.error_text import first_line
from bakeoff.gate.gate import allowed_only
from bakeoff.identity.code_digest import changed
from bakeoff.identity.kind import is_lightning
from bakeoff.identity.run_id import starts_from
from bakeoff.run.parts.build import build_module, set_up_data
from bakeoff.run.parts.instantiate import instantiate
from bakeoff.store.checkpoint import checkpoint
from bakeoff.store.inside import inside
from bakeoff.store.record import CONFIG, RunRecord, is_own_run
from bakeoff.store.yaml_file import read_yaml

log = logging.getLogger(__name__)
NET = "net."
PARTS = ("model",)  # what every config has


def written_config(run_dir: Path) -> DictConfig:
    """The composed config that Hydra saved in a run's directory; one that this user's bakeoff did not
    write makes only what is allowed (`bakeoff.gate.gate`).

    Raises BakeoffError where the file is missing, damaged, incomplete or not allowed.
    """
    mend = "restore it from a copy, or train this run again"
    config = read_yaml(inside(run_dir, CONFIG), PARTS, mend)
    return config if is_own_run(run_dir) else allowed_only(config, str(run_dir))


def read_config(run_dir: Path) -> DictConfig:
    """As `written_config`, where the keys that name earlier weights are null: the run's own weights hold
    what the training took from an earlier run.
    """
    config = written_config(run_dir)
    for key in starts_from(config):
        if OmegaConf.select(config, key) is not None:
            OmegaConf.update(config, key, None)
    return config


def read_run(
    run_dir: Path, run: RunRecord
) -> tuple[DictConfig, pl.LightningDataModule, pl.LightningModule]:
    """A run's config, its data module, set up for training, and its module with the best weights.

    Raises BakeoffError where the checkpoint is not the one that the record speaks of, or where the
    config is not that of the training.
    """
    state = checkpoint(run_dir, run)["state_dict"]
    config = read_config(run_dir)
    torch.set_num_threads(config.threads)
    data = set_up_data(config)
    module = build_module(config, data)
    _load(module, state, str(run_dir))
    return config, data, module.eval()


def read_net(config: DictConfig, run: RunRecord, state: Mapping[str, Tensor]) -> nn.Module:
    """The net of a run with the weights in the `state` of its module; its data are not needed.

    Raises BakeoffError where the config is not that of the training.
    """
    if is_lightning(config):
        raise BakeoffError(
            f"run {run.id} is of {config.model.get('_target_')}, a LightningModule of its own kind: load "
            "its checkpoint with load_from_checkpoint; bakeoff's commands work with its own nets"
        )
    if others := changed(run.modules):
        log.warning(
            "%s changed since run %s was trained: what its net gives now may not be what it learned",
            ", ".join(others),
            run.id,
        )
    net = instantiate(config, "model", **run.built_for)
    own = {name.removeprefix(NET): part for name, part in state.items() if name.startswith(NET)}
    _load(net, own, f"run {run.id}")
    return net.to(memory_format=torch.channels_last).eval()  # as it was trained: the same bits


def _load(module: nn.Module, state: Mapping[str, Tensor], run: str) -> None:
    try:
        module.load_state_dict(state)
    except RuntimeError as error:
        raise BakeoffError(
            f"{run}: the weights do not fit the net of .hydra/config.yaml, which is not the config of "
            f"this training any more ({first_line(error)}): restore it from a copy"
        ) from None
