"""Numbers too small for all of their digits, which a processor is slow with."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def flushed_denormals() -> Iterator[None]:
    """Count denormal numbers, in float32 those below 1.2e-38, as zero in this thread meanwhile.

    A processor takes up to a hundred times as long for one, and a training makes many: where a weight gets
    no gradient any more, the optimizer's average of its gradients decays by a tenth at each step, until
    rounding holds it near 1e-44 for ever. Weights stay the same: Adam divides by no less than its epsilon,
    1e-8, so that such an average moves a weight by less than 1e-30. Threads of OpenMP are not reached
    (`threads` above 1).
    """
    torch.set_flush_denormal(True)  # False where the processor cannot: then it is slow
    try:
        yield
    finally:
        torch.set_flush_denormal(False)
