"""The states of all random generators of a process."""

import random
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch


def random_states() -> dict[str, Any]:
    """The states of Python's, NumPy's and torch's generators, as plain data and tensors."""
    version, words, following = random.getstate()
    kind, keys, position, has_gauss, gauss = np.random.get_state()  # noqa: NPY002
    cuda = torch.cuda.is_available() and torch.cuda.is_initialized()
    # Tensors: torch pickles the 1,249 words of both states one by one, which takes most of the time of a
    # small net's checkpoint.
    return {
        "python": (version, torch.tensor(words), following),
        "numpy": (kind, torch.from_numpy(keys.astype(np.int64)), position, has_gauss, gauss),
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if cuda else [],
    }


def set_random_states(states: Mapping[str, Any]) -> None:
    """Set what `random_states` gave; older checkpoints have plain integers in place of the tensors."""
    version, words, following = states["python"]
    random.setstate((version, tuple(torch.as_tensor(words).tolist()), following))
    kind, keys, *rest = states["numpy"]
    np.random.set_state((kind, np.asarray(keys, dtype=np.uint32), *rest))  # noqa: NPY002
    torch.set_rng_state(states["torch"])
    if states["cuda"] and torch.cuda.device_count() == len(states["cuda"]):
        torch.cuda.set_rng_state_all(states["cuda"])
