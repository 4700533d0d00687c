"""The times of a step, alone and stacked."""

import pytest
import torch
from torch import nn

from bakeoff.fused import pay


def test_neither_the_net_nor_the_generator_changes(monkeypatch):
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Linear(4, 2))
    before = {name: value.clone() for name, value in net.state_dict().items()}
    state = torch.get_rng_state()
    x, target = torch.randn(6, 3), torch.zeros(6, dtype=torch.long)
    ticks = iter(range(100))
    monkeypatch.setattr(pay.time, "thread_time", lambda: next(ticks))
    alone, stacked = pay.seconds_per_step(net, nn.CrossEntropyLoss(), x, target, count=4)
    assert (alone, stacked) == (1, 1 / 4)
    assert all(map(torch.equal, before.values(), net.state_dict().values()))
    state_after_data = torch.get_rng_state()
    assert not torch.equal(state, state_after_data)  # by this test's own data
    pay.seconds_per_step(net, nn.CrossEntropyLoss(), x, target, count=2)
    assert torch.equal(torch.get_rng_state(), state_after_data)


@pytest.mark.parametrize(("seconds", "tries"), [(0.001, 10), (0.125, 3), (7, 1)])
def test_a_step_that_takes_long_is_tried_less_often(monkeypatch, seconds, tries):
    clock = [0.0]
    monkeypatch.setattr(pay.time, "thread_time", lambda: clock[0])
    done = []

    def work():
        clock[0] += seconds
        done.append(seconds)

    assert pay._least(work, torch.device("cpu")) == pytest.approx(seconds)
    assert len(done) == 1 + tries


def test_a_net_that_cannot_be_stacked_raises():
    class Branching(nn.Linear):
        def forward(self, x):
            return super().forward(x) if x.sum() > 0 else x

    with pytest.raises(Exception, match=r"vmap"):
        pay.seconds_per_step(
            Branching(2, 2), nn.MSELoss(), torch.ones(3, 2), torch.ones(3, 2), count=2
        )


def test_on_a_gpu_its_work_is_waited_for(monkeypatch):
    done = []
    monkeypatch.setattr(torch.cuda, "synchronize", done.append)
    monkeypatch.setattr(pay.time, "perf_counter", lambda: 10.0 * len(done))
    gpu = torch.device("cuda")
    assert pay._seconds(lambda: done.append("work"), gpu) == 20.0
    assert done == [gpu, "work", gpu]
