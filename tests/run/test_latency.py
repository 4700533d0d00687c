"""The time of a prediction, by a clock that the net itself moves."""

from types import SimpleNamespace

import pytest
import torch
from torch import nn

from bakeoff.data.batches import Tensors
from bakeoff.run import latency as module
from bakeoff.run.latency import LEAST, MOST, WARM_UP, latency, seconds_per_prediction


class Timed(nn.Module):
    """Takes 100 s while it warms up, then `step`, 2 `step`, 3 `step`, ... s, and for each kind of batch
    anew.
    """

    device = torch.device("cpu")

    def __init__(self, step: float) -> None:
        super().__init__()
        self.step, self.now, self.calls, self.modes = step, 0.0, [], set()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.calls.append(len(x))
        self.modes.add((self.training, torch.is_grad_enabled()))
        call = self.calls.count(len(x)) - WARM_UP
        self.now += 100 if call <= 0 else call * self.step
        return x


def measured(monkeypatch, step: float, samples: int = 9):
    net = Timed(step)
    monkeypatch.setattr(module.time, "perf_counter", lambda: net.now)
    inputs = torch.zeros(samples)
    return net, latency(net, SimpleNamespace(splits={"val": Tensors(inputs, inputs)}, batch_size=4))


def test_one_sample_and_a_batch_after_warming_up(monkeypatch):
    net, found = measured(monkeypatch, 1.0)
    # The median of 1 to 10 is 5.5; 95 % of the way from 1 to 10 is 1 + .95 * 9.
    expected = {"median": pytest.approx(5.5), "p95": pytest.approx(9.55)}
    assert found["single"] == {"samples": 1, **expected}
    assert found["batch"] == {"samples": 4, **expected}
    assert (found["device"], found["threads"]) == ("cpu", torch.get_num_threads())
    assert net.modes == {(False, False)}
    assert seconds_per_prediction(found) == pytest.approx(5.5 / 4)


def test_fast_nets_are_timed_more_often(monkeypatch):
    slow, _ = measured(monkeypatch, 1.0)
    fast, _ = measured(monkeypatch, 1e-6)
    assert slow.calls.count(4) == WARM_UP + LEAST
    assert fast.calls.count(4) == WARM_UP + MOST


def test_a_split_smaller_than_a_batch_is_divided_by_its_own_size(monkeypatch):
    _, found = measured(monkeypatch, 1.0, samples=2)
    assert seconds_per_prediction(found) == pytest.approx(5.5 / 2)
