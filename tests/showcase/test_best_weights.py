"""The best weights are there for a while, and the last ones come back."""

from types import SimpleNamespace

import pytest
import torch
from torch import nn

from bakeoff.showcase.best_weights import best_weights


class Module(nn.Linear):
    device = torch.device("cpu")


def test_a_module_gets_its_own_weights_and_mode_back(tmp_path):
    best, module = Module(2, 1), Module(2, 1)
    torch.save({"state_dict": best.state_dict()}, tmp_path / "best.ckpt")
    callback = SimpleNamespace(best_model_path=str(tmp_path / "best.ckpt"))
    last, x = module.weight.detach().clone(), torch.ones(1, 2)
    with (
        pytest.raises(ZeroDivisionError),
        best_weights(SimpleNamespace(checkpoint_callback=callback), module),
    ):
        assert torch.equal(module(x), best(x)) and not module.training
        assert not module(x).requires_grad
        raise ZeroDivisionError
    assert torch.equal(module.weight, last) and module.training
