"""The arithmetic of a prediction."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pytorch_lightning as pl
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from bakeoff.gate.error_text import first_line
from bakeoff.run.parts.supervised import Supervised

log = logging.getLogger(__name__)


def multiply_adds(module: Supervised, data: pl.LightningDataModule) -> int | None:
    """The multiplications, each with its addition, of the forward pass for the first validation sample.

    Counted are matrix products, convolutions and attention (`torch.utils.flop_counter`), whoever calls
    them: a net that is written by hand counts as others do. Element-wise operations do not count. None for
    a net that cannot be counted. Leaves `module` in evaluation mode.
    """
    sample = data.splits["val"][:1][0].to(module.device)
    module.eval()
    try:
        with torch.no_grad(), _separate_operations(), FlopCounterMode(display=False) as counter:
            module(sample)
    except Exception as error:  # a finished run is not lost for a number of its costs
        log.warning("the multiply-adds cannot be counted: %s", first_line(error))
        return None
    return counter.get_total_flops() // 2


@contextmanager
def _separate_operations() -> Iterator[None]:
    """Let recurrent and attention layers call the operations that the counter knows, instead of one that
    does all at once.
    """
    fast = torch.backends.mha.get_fastpath_enabled()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of other hardware's settings, which `flags` reads too
        torch.backends.mha.set_fastpath_enabled(False)
        try:
            with (
                torch.backends.mkldnn.flags(enabled=False),
                torch.backends.cudnn.flags(enabled=False),
                sdpa_kernel(SDPBackend.MATH),
            ):
                yield
        finally:
            torch.backends.mha.set_fastpath_enabled(fast)
