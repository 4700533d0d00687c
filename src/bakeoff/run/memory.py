"""The most memory that a run has held."""

import resource
import sys

import torch


def peak_memory(device: torch.device) -> int:
    """The most memory held so far, in bytes: of the device on CUDA, else of this process."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # macOS counts bytes, Linux KiB
