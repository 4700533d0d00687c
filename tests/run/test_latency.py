"""The time of a prediction, by a clock that the net itself moves."""

from types import SimpleNamespace

import torch
from torch import nn

from bakeoff.data.batches import Tensors
from bakeoff.run import latency
from bakeoff.run.latency import TIMED, WARM_UP, seconds_per_prediction


class Timed(nn.Module):
    """Takes 100 s while it warms up, then 1, 2, 3, ... s."""

    device = torch.device("cpu")

    def __init__(self) -> None:
        super().__init__()
        self.now, self.calls, self.sizes, self.modes = 0.0, 0, set(), set()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.calls += 1
        self.sizes.add(len(x))
        self.modes.add((self.training, torch.is_grad_enabled()))
        self.now += 100 if self.calls <= WARM_UP else self.calls - WARM_UP
        return x


def test_the_median_of_the_batches_after_warming_up_per_sample(monkeypatch):
    module = Timed()
    monkeypatch.setattr(latency.time, "perf_counter", lambda: module.now)
    data = SimpleNamespace(splits={"val": Tensors(torch.zeros(9), torch.zeros(9))}, batch_size=4)
    # The median of 1 to 10 is 5.5, of batches of 4.
    assert TIMED == 10
    assert seconds_per_prediction(module, data) == 5.5 / 4
    assert (module.sizes, module.modes) == ({4}, {(False, False)})


def test_a_split_smaller_than_a_batch_is_divided_by_its_own_size(monkeypatch):
    module = Timed()
    monkeypatch.setattr(latency.time, "perf_counter", lambda: module.now)
    data = SimpleNamespace(splits={"val": Tensors(torch.zeros(2), torch.zeros(2))}, batch_size=4)
    assert seconds_per_prediction(module, data) == 5.5 / 2
