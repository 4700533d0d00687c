"""A net that `torch.compile` has translated, where that works."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from bakeoff.gate.error_text import first_line

log = logging.getLogger(__name__)

# Of `torch.compile`; the second and third record CUDA graphs on a GPU.
MODES = ("default", "reduce-overhead", "max-autotune", "max-autotune-no-cudagraphs")


@contextmanager
def compiled(net: nn.Module, mode: str | None) -> Iterator[None]:
    """Let `net` compute as `torch.compile` translates it in this context; None: as it is.

    The net is translated when it is first called, and goes on as it is where that fails, which the log
    says. Its parameters, their names and its checkpoints are the same.
    """
    if mode is None:
        yield
        return
    net.compile(mode=mode)
    fast = net._compiled_call_impl

    def call(*arguments: Any) -> Any:
        if torch.jit.is_tracing():  # for the picture of the net
            return net._call_impl(*arguments)
        try:
            return fast(*arguments)
        except Exception as error:  # compilers raise many kinds
            log.warning(
                "trainer.compile=%s: torch.compile failed (%s): the net trains as it is",
                mode,
                first_line(error),
            )
            net._compiled_call_impl = None
            return net(*arguments)

    net._compiled_call_impl = call  # what nn.Module calls, and leaves out of copies
    try:
        yield
    finally:
        net._compiled_call_impl = None
