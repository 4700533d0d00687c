"""What a batch of the user's own data says about the nets that can read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

INPUTS = (torch.float32, torch.uint8, torch.int64)
SAY = "+data.adapt"  # the keys that say what a batch does not


@dataclass(frozen=True)
class Format:
    """Shapes without the dimension of the batch, and the type of the inputs of a net. `classes` is their
    number where targets are whole numbers, else None.
    """

    input_shape: tuple[int, ...]
    input_type: torch.dtype
    output_shape: tuple[int, ...]
    classes: int | None


def read_format(
    batch: Any, output_shape: tuple[int, ...] | None, classes: Callable[[], int | None]
) -> Format | list[str]:
    """The format of a batch (inputs, targets), or what it lacks, in words.

    `output_shape` is what the user says; `classes()` is asked for their number where that is needed, and
    is None where nobody knows it.
    """
    if wrong := parts_mistakes(batch):
        return wrong
    x, target = batch
    mistakes = [*_input_mistakes(x), *_target_mistakes(target)]
    if len(x) != len(target):
        mistakes.append(
            f"a batch has {len(x)} inputs and {len(target)} targets: expected as many of both"
        )
    is_label = not target.is_floating_point() and target.ndim == 1
    count = classes() if is_label and not mistakes else None
    if output_shape is None:
        if target.is_floating_point():
            output_shape = tuple(target.shape[1:])
        elif count is not None:
            output_shape = (count,)
        elif not mistakes or not is_label:
            mistakes.append(
                f"targets of shape {_shape(target)} ({target.dtype}) do not tell the shape of a net's "
                f"output: say it, as in {SAY}.output_shape=[10], or as num_classes in the class"
            )
    if mistakes:
        return mistakes
    kind = torch.float32 if x.dtype is torch.uint8 else x.dtype
    return Format(tuple(x.shape[1:]), kind, output_shape, count)


def parts_mistakes(batch: Any) -> list[str]:
    """What keeps a batch from being (inputs, targets), two tensors."""
    if isinstance(batch, Mapping):
        names = [str(name) for name in batch]
        first, last = (names[0], names[-1]) if names else ("NAME", "NAME")
        return [
            f"batches are dictionaries with {', '.join(names) or 'nothing'}: say which are inputs and "
            f"targets, as in {SAY}.input={first} {SAY}.target={last}"
        ]
    if not isinstance(batch, list | tuple):
        return [
            f"a batch is a {type(batch).__name__}: expected (inputs, targets), or say where they are, as "
            f"in {SAY}.input=0 {SAY}.target=1"
        ]
    if len(batch) != 2:
        return [
            f"batches have {len(batch)} parts: expected (inputs, targets): say where they are, as in "
            f"{SAY}.input=0 {SAY}.target={len(batch) - 1}"
        ]
    return [
        f"{what} of a batch are a {type(part).__name__}: expected a tensor"
        for what, part in zip(("inputs", "targets"), batch, strict=True)
        if not isinstance(part, Tensor)
    ]


def _input_mistakes(x: Tensor) -> list[str]:
    if x.dtype in INPUTS:
        return []
    return [
        f"inputs are {x.dtype}: expected torch.float32, in which nets compute, torch.uint8 of images or "
        "torch.int64 of words"
    ]


def _target_mistakes(target: Tensor) -> list[str]:
    if target.dtype is torch.float64:
        return ["targets are torch.float64: expected torch.float32, in which nets compute"]
    if target.is_floating_point() and target.ndim == 1:
        return [
            f"targets have the shape {_shape(target)}, one number each: expected {_shape(target)[:-1]} 1), "
            "the shape of a net's output, as target.unsqueeze(1) makes it"
        ]
    return []


def _shape(tensor: Tensor) -> str:
    return str(tuple(tensor.shape))
