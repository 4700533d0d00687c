"""The states of all random generators of a process."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor


def random_states() -> dict[str, Any]:
    """The states of Python's, NumPy's and torch's generators, as plain data and tensors."""
    version, words, following = random.getstate()
    kind, keys, position, has_gauss, gauss = np.random.get_state()  # noqa: NPY002
    processor, devices = torch_states()
    # Tensors: torch pickles the 1,249 words of both states one by one, which takes most of the time of a
    # small net's checkpoint.
    return {
        "python": (version, torch.tensor(words), following),
        "numpy": (kind, torch.from_numpy(keys.astype(np.int64)), position, has_gauss, gauss),
        "torch": processor,
        "cuda": devices,
    }


def set_random_states(states: Mapping[str, Any]) -> None:
    """Set what `random_states` gave; older checkpoints have plain integers in place of the tensors."""
    version, words, following = states["python"]
    random.setstate((version, tuple(torch.as_tensor(words).tolist()), following))
    kind, keys, *rest = states["numpy"]
    np.random.set_state((kind, np.asarray(keys, dtype=np.uint32), *rest))  # noqa: NPY002
    set_torch_states((states["torch"], states["cuda"]))


def torch_states() -> tuple[Tensor, list[Tensor]]:
    """The states of torch's generators: that of the processor, and those of GPUs that are in use."""
    devices = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else []
    return torch.get_rng_state(), devices


def set_torch_states(states: tuple[Tensor, Sequence[Tensor]]) -> None:
    """Set what `torch_states` gave; the states of GPUs only where there are as many."""
    processor, devices = states
    torch.set_rng_state(processor)
    if devices and torch.cuda.device_count() == len(devices):
        torch.cuda.set_rng_state_all(devices)
