"""Heads for vectors and grids: their shapes, and where each cell looks."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from bakeoff.errors import BakeoffError
from bakeoff.nets.heads import head
from bakeoff.nets.lenet5 import LeNet5

IMAGE = (1, 48, 60)


@settings(max_examples=60, deadline=None)
@given(
    features=st.tuples(st.integers(1, 12), st.integers(1, 12)),
    rows=st.integers(1, 12),
    columns=st.integers(1, 12),
)
def test_any_grid_that_the_feature_map_allows(features, rows, columns):
    shape, output = (3, *features), (rows, columns, 7)
    if rows > features[0] or columns > features[1]:
        with pytest.raises(BakeoffError, match=f"a grid of {rows}x{columns} cells is finer"):
            head(shape, output, [4], 0)
        return
    net = nn.Sequential(*head(shape, output, [4, 5], 0))
    assert net(torch.zeros(2, *shape)).shape == (2, *output)


@pytest.mark.parametrize("grid", [(2, 3), (3, 3), (4, 5), (9, 12), (1, 1), (2, 7)])
def test_every_cell_sees_at_least_the_features_that_lie_in_it(grid):
    torch.manual_seed(0)
    features = torch.rand(1, 2, 9, 12, requires_grad=True)
    net = nn.Sequential(*head((2, 9, 12), (*grid, 6), [3], 0)).double()
    features = features.double().detach().requires_grad_()
    for row in range(grid[0]):
        for column in range(grid[1]):
            (gradient,) = torch.autograd.grad(net(features)[0, row, column].sum(), features)
            seen = gradient.abs().sum(dim=(0, 1)) > 0
            top, bottom = row * 9 // grid[0], -(-(row + 1) * 9 // grid[0])
            left, right = column * 12 // grid[1], -(-(column + 1) * 12 // grid[1])
            assert seen[top:bottom, left:right].all() or not seen.any()  # a ReLU may be shut


@pytest.mark.parametrize(
    ("conv", "dense"), [([6, 16], [120, 84]), ([3, 8], [32, 64]), ([12, 32], [240, 360, 420, 560])]
)
def test_the_courses_fully_convolutional_nets(conv, dense):
    net = LeNet5(IMAGE, (2, 3, 7), conv, dense, dropout=0.0)
    assert net(torch.zeros(2, *IMAGE)).shape == (2, 2, 3, 7)
    assert not any(isinstance(layer, nn.Linear) for layer in net.modules())
    widths = [layer.out_channels for layer in net.modules() if isinstance(layer, nn.Conv2d)]
    assert widths == [*conv, *dense, 7]


def test_one_cell_without_context_is_the_dense_net():
    """A grid of one cell over a map of one row and column: the same parameters, the same numbers."""
    torch.manual_seed(0)
    dense = nn.Sequential(*head((5, 1, 1), (4,), [8], 0))
    grid = nn.Sequential(*head((5, 1, 1), (1, 1, 4), [8], 0))
    weights = dense.state_dict().values()
    values = zip(grid.state_dict().items(), weights, strict=True)
    grid.load_state_dict({name: value.reshape(old.shape) for (name, old), value in values})
    x = torch.randn(3, 5, 1, 1)
    torch.testing.assert_close(grid(x).flatten(1), dense(x))


def test_other_shapes_are_refused():
    with pytest.raises(BakeoffError, match=r"a vector .* or a grid .* shape \(2, 3\)"):
        head((3, 4, 5), (2, 3), [4], 0)
    with pytest.raises(
        BakeoffError, match=r"a grid of 10x3 cells is finer than .* 9x12.*data.grid"
    ):
        LeNet5(IMAGE, (10, 3, 7), [6, 16], [120], 0.0)
