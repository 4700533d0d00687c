"""A finished run, read back: its config, its weights, and a net that predicts without any data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from omegaconf import DictConfig, OmegaConf
from torch import Tensor

from bakeoff import record
from bakeoff.build import build_module, instantiate
from bakeoff.errors import BakeoffError
from bakeoff.finding import Finding
from bakeoff.record import RunRecord
from bakeoff.supervised import Supervised
from bakeoff.trained_weights import weights

# (output (B, ...), height, width) -> the findings in each image of that size
Decode = Callable[[Tensor, int, int], list[list[Finding]]]


@dataclass(frozen=True)
class Predictor:
    """A trained net for images of `input_shape` (channels, height, width), with `white` as their largest
    value; `decode` tells what its output means, `class_names` what the labels are called.
    """

    run: RunRecord
    module: Supervised
    decode: Decode
    input_shape: tuple[int, int, int]
    class_names: Sequence[str]
    white: float


def load_predictor(run_dir: Path) -> Predictor:
    """The run in `run_dir` with its best weights; its data are not needed.

    Raises BakeoffError where the run has no checkpoint or its task predicts nothing for images.
    """
    run = record.read(run_dir)
    state, config = weights(run_dir, run), read_config(run_dir)
    torch.set_num_threads(config.threads)
    decode = instantiate(config.task, "decode")
    if decode is None:
        raise BakeoffError(
            f"{run_dir}: task {run.task} says nothing about image files: expected a run of a task with "
            "a decode section in conf/task, such as localization or detection"
        )
    data = instantiate(config, "data")
    module = build_module(config, data, statistics=(state["mean"], state["std"]))
    module.load_state_dict(state)
    return Predictor(
        run=run,
        module=module.eval(),
        decode=decode,
        input_shape=tuple(data.input_shape),
        class_names=data.class_names,
        white=data.white,
    )


def read_config(run_dir: Path) -> DictConfig:
    """The composed config that Hydra saved in a run's directory. Raises BakeoffError without one."""
    path = run_dir / ".hydra" / "config.yaml"
    try:
        return OmegaConf.load(path)
    except OSError as error:
        raise BakeoffError(f"cannot read {path}: {error.strerror}") from None
