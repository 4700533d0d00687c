"""Numbers below the least normal one are zero while a net is trained, and only then."""

import pytest
import torch

from bakeoff.run.parts.denormals import flushed_denormals

TINY = torch.tensor([1e-41, 1.0])


def half() -> list[float]:
    return (TINY / 2).tolist()


def test_they_count_as_zero_within_and_not_after():
    kept = half()
    assert kept[0] > 0
    with flushed_denormals():
        assert half() == [0.0, 0.5]
    assert half() == kept


def test_an_error_within_leaves_nothing_behind():
    kept = half()
    with pytest.raises(ZeroDivisionError), flushed_denormals():
        1 / 0  # noqa: B018
    assert half() == kept


def test_the_average_of_a_weight_without_gradient_ends_at_zero():
    """Rounding would hold it above zero for ever."""
    averages = []
    for steps in (0, 1500):
        weight = torch.nn.Parameter(torch.ones(1))
        adam = torch.optim.AdamW([weight], fused=True)
        weight.grad = torch.ones(1)
        adam.step()
        weight.grad = torch.zeros(1)
        for _ in range(1500 - steps):
            adam.step()
        with flushed_denormals():
            for _ in range(steps):
                adam.step()
        averages.append((float(adam.state[weight]["exp_avg"]), float(weight.detach())))
    (stuck, one), (flushed, other) = averages
    assert 0 < stuck < torch.finfo(torch.float32).tiny
    assert flushed == 0
    assert one == other
