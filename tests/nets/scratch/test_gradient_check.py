"""The check that the report shows: what is right is within the tolerances, what is wrong is not."""

import torch

from bakeoff.nets.lenet5 import LeNet5
from bakeoff.nets.mlp import MLP
from bakeoff.nets.scratch.activations import Tanh
from bakeoff.nets.scratch.gradient_check import TOLERANCES, gradient_differences
from bakeoff.nets.scratch.twins import twin
from bakeoff.tasks.classification.loss import CrossEntropy


def checked(net, shape):
    torch.manual_seed(0)
    own, x, target = twin(net.layers), torch.randn(3, *shape), torch.tensor([0, 2, 1])
    weights, random = own.vector.clone(), torch.get_rng_state()
    found = gradient_differences(own, CrossEntropy(0.1), x, target, seed=5)
    assert torch.equal(own.vector, weights)
    assert torch.equal(torch.get_rng_state(), random)
    return found


def test_of_a_right_net_all_are_within_the_tolerances_and_named():
    mlp = checked(MLP((6,), (3,), [5, 4], "relu", 0.3, False), (6,))
    lenet5 = checked(LeNet5((1, 16, 16), (3,), [2, 3], [5], 0.0), (1, 16, 16))
    names = [d.name for d in mlp]
    assert names[:2] == ["1 Linear weight", "1 Linear bias"]
    assert len(names) == 6
    assert lenet5[0].name == "0 Convolution weight"
    for difference in (*mlp, *lenet5):
        assert difference.autograd <= TOLERANCES["autograd"], difference
        assert difference.central <= TOLERANCES["central"], difference


def test_a_wrong_derivative_shows_in_the_layers_before_it(monkeypatch):
    monkeypatch.setattr(Tanh, "backward", lambda self, delta: delta)
    before, after = (checked(MLP((6,), (3,), [5], "tanh", 0.0, False), (6,))[i] for i in (0, 2))
    assert min(before.autograd, before.central) > 1e-3
    assert after.autograd <= TOLERANCES["autograd"]
    assert after.central <= TOLERANCES["central"]
