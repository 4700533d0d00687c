"""A finished run, read back: its config, its weights, and a net that predicts without any data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from omegaconf import DictConfig, OmegaConf
from torch import Tensor

from bakeoff.errors import BakeoffError
from bakeoff.images.finding import Finding
from bakeoff.images.letterbox import Framing
from bakeoff.run.build import build_module, instantiate
from bakeoff.run.supervised import Supervised
from bakeoff.store import record
from bakeoff.store.checkpoint import checkpoint
from bakeoff.store.record import RunRecord

# (output (B, ...), height, width) -> the findings in each image of that size
Decode = Callable[[Tensor, int, int], list[list[Finding]]]


@dataclass(frozen=True)
class Predictor:
    """A trained net for images of `input_shape` (channels, height, width), with `white` as their largest
    value; `framing` brings an image file to that shape, `decode` tells what the net's output means,
    `class_names` what the labels are called.
    """

    run: RunRecord
    module: Supervised
    framing: Framing
    decode: Decode
    input_shape: tuple[int, int, int]
    class_names: Sequence[str]
    white: float


def load_predictor(run_dir: Path) -> Predictor:
    """The run in `run_dir` with its best weights; its data are not needed.

    Raises BakeoffError where the run has no checkpoint or its task predicts nothing for images.
    """
    run = record.read(run_dir)
    content, config = checkpoint(run_dir, run), read_config(run_dir)
    state = content["state_dict"]
    torch.set_num_threads(config.threads)
    decode = instantiate(config.task, "decode")
    if decode is None:
        raise BakeoffError(
            f"{run_dir}: task {run.task} says nothing about image files: expected a run of a task with "
            "a decode section in conf/task, such as localization or detection"
        )
    data = instantiate(config, "data")
    if kept := content.get(
        type(data).__qualname__
    ):  # where Lightning keeps what data modules tell it
        data.load_state_dict(kept)
    module = build_module(config, data, statistics=(state["mean"], state["std"]))
    module.load_state_dict(state)
    return Predictor(
        run=run,
        module=module.eval(),
        framing=data.framing,
        decode=decode,
        input_shape=tuple(data.input_shape),
        class_names=data.class_names,
        white=data.white,
    )


def read_config(run_dir: Path) -> DictConfig:
    """The composed config that Hydra saved in a run's directory, for building its net again: without the
    run whose word vectors it started from, because its weights hold them now. Raises BakeoffError without
    a config.
    """
    path = run_dir / ".hydra" / "config.yaml"
    try:
        config = OmegaConf.load(path)
    except OSError as error:
        raise BakeoffError(f"cannot read {path}: {error.strerror}") from None
    if config.get("model", {}).get("embedding") is not None:
        config.model.update(embedding=None, frozen=False)
    return config
