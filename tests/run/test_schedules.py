"""Learning-rate schedules, by hand-worked values."""

import pytest
import torch

from bakeoff.errors import BakeoffError
from bakeoff.run.schedules import cosine_factor, cosine_with_warm_up


def test_rises_in_a_line_then_falls_along_half_a_cosine():
    # 12 steps, a quarter of them to rise: 1/4, 2/4, 3/4, then (1 + cos(pi k / 9)) / 2.
    factors = [cosine_factor(step, 12, 0.25) for step in range(13)]
    assert factors[:4] == [0.25, 0.5, 0.75, 1.0]
    assert factors[3 + 3] == pytest.approx((1 + 0.5) / 2)  # cos(pi / 3) = 1 / 2
    assert factors[12] == pytest.approx(0.0)
    assert factors[3:] == sorted(factors[3:], reverse=True)


def test_scales_the_optimizers_rate():
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.4)
    schedule = cosine_with_warm_up(optimizer, total_steps=12, warm_up=0.25)
    assert schedule.get_last_lr() == [pytest.approx(0.1)]
    optimizer.step()
    schedule.step()
    assert schedule.get_last_lr() == [pytest.approx(0.2)]


def test_a_warm_up_is_a_share():
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.4)
    with pytest.raises(BakeoffError, match="expected a share"):
        cosine_with_warm_up(optimizer, total_steps=12, warm_up=3)
