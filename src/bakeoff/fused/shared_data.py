"""Data that several runs of one process share."""

import copy
from functools import cache

import pytorch_lightning as pl
import torch
from omegaconf import DictConfig, OmegaConf

from bakeoff.run.parts.build import set_up_data
from bakeoff.store.digest import digest


class SharedData:
    """Gives each run a data module of its own, and those with the same settings the same tensors and
    statistics.
    """

    def __init__(self) -> None:
        self._made: dict[str, pl.LightningDataModule | None] = {}

    def __call__(self, config: DictConfig) -> pl.LightningDataModule:
        """The data module of a config, set up for training.

        Data that draw from torch's random generator when they are made are made for each run anew.
        """
        key = digest([OmegaConf.to_container(config.data, resolve=True), config.data_dir])
        if (made := self._made.get(key)) is not None:
            return copy.copy(made)
        before = torch.get_rng_state()
        data = set_up_data(config)
        # What copies of it would each work out anew.
        data.statistics = cache(data.statistics)
        _ = data.fingerprint
        drew = not torch.equal(before, torch.get_rng_state())
        self._made[key] = None if drew else data
        return copy.copy(data)
