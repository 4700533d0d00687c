"""The status and the sentence for each way in which a run can end."""

import pytest
import torch

from bakeoff.errors import BakeoffError
from bakeoff.gate.error_text import LONGEST
from bakeoff.run.failure import ending
from bakeoff.run.hooks.interruption import InterruptedRunError
from bakeoff.run.parts.divergence import DivergedError


def as_lightning_raises_it() -> SystemExit:
    try:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt:
            raise SystemExit(1)  # noqa: B904
    except SystemExit as error:
        return error


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        (DivergedError("not finite since step 3"), "diverged", "not finite since step 3"),
        (InterruptedRunError("SIGTERM"), "interrupted", "stopped by SIGTERM before it was done"),
        (SystemExit(0), "failed", "the run's own code raised SystemExit: 0; no signal had come"),
        (KeyboardInterrupt(), "failed",
         "the run's own code raised KeyboardInterrupt; no signal had come"),
        (as_lightning_raises_it(), "failed",
         "the run's own code raised KeyboardInterrupt; no signal had come"),
        (BakeoffError("data.cap is 0"), "failed", "data.cap is 0"),
        (OSError(28, "No space left on device"), "failed", "[Errno 28] No space left on device"),
        (torch.OutOfMemoryError("CUDA out of memory"), "failed",
         "the GPU is out of memory: CUDA out of memory"),
        (StopIteration(), "failed", "StopIteration"),
        (KeyError("loss"), "failed", "KeyError: 'loss'"),
    ],
)  # fmt: skip
def test_an_ending(error, status, text):
    assert ending(error) == (status, text)


@pytest.mark.parametrize("error", [MemoryError(), MemoryError("Unable to allocate 7 TiB")])
def test_out_of_memory_says_what_to_do(error):
    status, text = ending(error)
    assert status == "failed"
    assert text.startswith("out of memory (MemoryError")
    assert str(error) in text and "data.batch_size" in text


def test_memory_that_torch_does_not_get_is_out_of_memory_too():
    with pytest.raises(RuntimeError) as raised:
        torch.empty(2**60, dtype=torch.uint8)
    status, text = ending(raised.value)
    assert status == "failed"
    assert text.startswith("out of memory (RuntimeError: ") and "data.batch_size" in text


@pytest.mark.parametrize("kind", [RuntimeError, BakeoffError, OSError, MemoryError, SystemExit])
def test_a_long_message_is_bounded(kind):
    assert len(ending(kind("x" * 10_000_000))[1]) < LONGEST + 300
