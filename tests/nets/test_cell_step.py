"""Word by word is the same as all at once."""

import pytest
import torch
from torch import nn

from bakeoff.nets.cell_step import cell_step, sequences_first


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU])
@pytest.mark.parametrize(("layers", "bias"), [(1, True), (3, True), (2, False)])
def test_steps_say_what_the_module_says(kind, layers, bias):
    torch.manual_seed(0)
    net = kind(4, 6, layers, bias=bias, batch_first=True, dropout=0.5 if layers > 1 else 0).eval()
    x = torch.randn(5, 7, 4)
    with torch.no_grad():
        whole, end = net(x)
        _, state = net(x[:, :3])
        state = sequences_first(state)
        for t in range(3, 7):
            out, state = cell_step(net, x[:, t], state)
            torch.testing.assert_close(out, whole[:, t], rtol=0, atol=1e-6)
    torch.testing.assert_close(state, sequences_first(end), rtol=0, atol=1e-6)
