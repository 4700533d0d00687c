"""The made-up device refuses what a GPU refuses, and allows what a GPU allows."""

import pytest
import torch
from tests.devices.elsewhere import CPU, ELSEWHERE, Elsewhere
from torch import nn


@pytest.fixture
def device():
    with Elsewhere() as device:
        yield device


def test_tensors_go_there_and_back(device):
    x = torch.arange(3.0)
    there = x.to(ELSEWHERE)
    assert (x.device, there.device) == (CPU, ELSEWHERE)
    assert there.cpu().device == CPU and torch.equal(there.cpu(), x)
    assert there.to("cpu").device == CPU
    assert x.to(there).device == ELSEWHERE
    there.add_(1)
    assert x.tolist() == [0, 1, 2]  # a copy


def test_results_are_where_their_inputs_are(device):
    x = torch.arange(6.0).reshape(2, 3).to(ELSEWHERE)
    made = [x + 1, x[0], x.T, x.topk(2).values, x.new_zeros(2), torch.zeros_like(x), x.sum()]
    made += [torch.zeros(2, device=ELSEWHERE), torch.tensor([1], device=x.device), *x.unbind(), *x]
    assert all(part.device == ELSEWHERE for part in made)
    assert torch.zeros(2).device == CPU
    assert x.tolist() == [[0, 1, 2], [3, 4, 5]] and int(x.sum()) == 15


def test_modules_and_their_gradients_go_there(device):
    net = nn.LSTM(2, 3, batch_first=True)
    net.to(ELSEWHERE)
    x = torch.ones(1, 4, 2, device=ELSEWHERE)
    output, _ = net(x)
    output.sum().backward()
    assert all(p.device == p.grad.device == ELSEWHERE for p in net.parameters())
    with pytest.raises(RuntimeError, match="same device"):
        net(x.cpu())


REFUSED = {
    "arithmetic": lambda here, there: here + there,
    "a number of the device in arithmetic on the CPU": lambda here, there: here * there.sum(),
    "a number on the CPU that is changed": lambda here, there: here.sum().add_(there.sum()),
    "a list": lambda here, there: torch.stack([here, there]),
    "a list with a number": lambda here, there: torch.stack([torch.tensor(1.0), there.sum()]),
    "an index on the CPU": lambda here, there: there.gather(0, here.long()),
    "rows of the device": lambda here, there: there.index_select(0, torch.tensor(0)),
    "an index of the device into the CPU": lambda here, there: here[there.long()],
    "values of the CPU at indices": lambda here, there: there.__setitem__(there.long(), here),
    "a loss with weights of the CPU": lambda here, there: nn.functional.cross_entropy(
        there[None], there.argmax()[None], weight=here
    ),
    "a generator of the CPU": lambda here, there: torch.rand(
        2, device=there.device, generator=torch.Generator()
    ),
    "NumPy": lambda here, there: there.numpy(),
    "embeddings": lambda here, there: nn.Embedding(5, 2)(there.long()),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_gpu_refuses(name, device):
    here = torch.arange(3.0)
    with pytest.raises((RuntimeError, TypeError)):
        REFUSED[name](here, here.to(ELSEWHERE))


ALLOWED = {
    "a number of the CPU": lambda here, there: there * torch.tensor(2.0),
    "a number to choose from": lambda here, there: torch.where(there > 1, torch.tensor(0.0), there),
    "an index on the CPU": lambda here, there: there[here.long()],
    "a copy": lambda here, there: there.copy_(here),
    "a part set by a copy": lambda here, there: there.__setitem__(slice(0, 3), here),
    "moved before": lambda here, there: there + here.to(there.device),
    "a generator before": lambda here, there: torch.rand(2, generator=torch.Generator()).to(there),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_a_gpu_allows(name, device):
    """With the values of the same on the CPU: of what comes out, and of the tensor itself."""
    here = torch.arange(3.0)
    there, twin = here.to(ELSEWHERE), here.clone()
    result, expected = ALLOWED[name](here, there), ALLOWED[name](here, twin)
    assert torch.equal(there.cpu(), twin)
    assert result is expected is None or torch.equal(result.cpu(), expected)


WAITS = {
    "a number": lambda here, there: float(there.sum()),
    "a condition": lambda here, there: bool(there.sum() > 0),
    "all numbers": lambda here, there: there.tolist(),
    "a copy to the CPU": lambda here, there: there.cpu(),
    "a copy from the CPU": lambda here, there: here.to(there.device),
    "numbers of Python": lambda here, there: torch.tensor([1.0, 2.0], device=there.device),
    "an index on the CPU": lambda here, there: there[here.long()],
    "a list as an index": lambda here, there: there[[0, 1]],
    "a choice of unknown size": lambda here, there: there[there > 1],
}
WORKS_ON = {
    "arithmetic": lambda here, there: there * 2 + there.sum(),
    "a tensor made there": lambda here, there: torch.zeros(3, device=there.device) + there,
    "an index there": lambda here, there: there[there.long()],
    "a slice": lambda here, there: there[1:],
    "what is there already": lambda here, there: there.to(ELSEWHERE),
    "work on the CPU": lambda here, there: here.tolist(),
}


@pytest.mark.parametrize(("calls", "waits"), [(WAITS, 1), (WORKS_ON, 0)])
def test_calls_that_wait_for_a_gpu_are_counted(calls, waits, device):
    here = torch.arange(3.0)
    there = here.to(ELSEWHERE)
    for name, call in calls.items():
        device.waits.clear()
        call(here, there)
        assert len(device.waits) == waits, name
