"""A finished run that predicts for image files, without its data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from bakeoff.errors import BakeoffError
from bakeoff.images.finding import Finding
from bakeoff.images.letterbox import Framing, letterbox
from bakeoff.run.parts.instantiate import instantiate
from bakeoff.run.parts.make_data import make_data
from bakeoff.run.parts.normalized import normalized
from bakeoff.run.read_back import read_config, read_net
from bakeoff.store import record
from bakeoff.store.checkpoint import checkpoint
from bakeoff.store.record import RunRecord

# (output (B, ...), height, width) -> the findings in each image of that size
Decode = Callable[[Tensor, int, int], list[list[Finding]]]


@dataclass(frozen=True, kw_only=True)
class Predictor:
    """A trained net for images of `input_shape` (channels, height, width), with `white` as their largest
    value; inputs are normalized by `mean` and `std`.

    `framing` brings an image file to that shape, `decode` tells what the net's output means,
    `class_names` what the labels are called.
    """

    run: RunRecord
    net: nn.Module
    mean: Tensor
    std: Tensor
    framing: Framing
    decode: Decode
    input_shape: tuple[int, int, int]
    class_names: Sequence[str]
    white: float

    @torch.inference_mode()
    def __call__(self, images: Tensor) -> list[list[Finding]]:
        """The findings in each of raw images (B, channels, height, width), in pixels."""
        output = self.net(normalized(images, self.mean, self.std))
        return self.decode(output, *self.input_shape[1:])


def load_predictor(run_dir: Path) -> Predictor:
    """The run in `run_dir` with its best weights.

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
    data = make_data(config)
    if not hasattr(data, "white"):
        raise BakeoffError(
            f"{run_dir}: {config.data.get('_target_')} does not say how an image file becomes an input: "
            "bakeoff predicts for image files with its own data modules"
        )
    kept = content.get(type(data).__qualname__)  # where Lightning keeps the state of a data module
    if kept:
        data.load_state_dict(kept)
    return Predictor(
        run=run,
        net=read_net(config, run, state),
        mean=state["mean"],
        std=state["std"],
        # Nothing is cut off where the data do not say otherwise: an object may be anywhere.
        framing=getattr(data, "framing", letterbox),
        decode=decode,
        input_shape=tuple(run.built_for["input_shape"]),
        class_names=data.class_names,
        white=data.white,
    )
