"""Masks that are drawn before a forward pass are those that dropout layers draw within it."""

import pytest
import torch
from torch import nn

from bakeoff.fused.dropout import draw_masks, dropouts, mask_shapes, masked


def net():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(4, 6), nn.Dropout(0.5), nn.Dropout(0.0), nn.Linear(6, 5), nn.Dropout(0.2)
    )


def test_masks_give_the_output_of_dropout_with_the_same_generator():
    own, x = net(), torch.randn(7, 4)
    shapes = mask_shapes(own, x)
    assert shapes == {"1": (7, 6), "4": (7, 5)}
    torch.manual_seed(3)
    expected = own(x)
    torch.manual_seed(3)
    masks = draw_masks(own, shapes, torch.float32)
    names = list(dropouts(own))
    masked(own, names)
    for name, mask in zip(names, masks, strict=True):
        own.get_submodule(name).mask = mask
    assert torch.equal(own(x), expected)
    assert expected[:, 0].eq(0).any()


def test_a_layer_that_is_called_twice_is_refused():
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.drop = nn.Dropout(0.5)

        def forward(self, x):
            return self.drop(self.drop(x))

    with pytest.raises(ValueError, match="drop is called more than once"):
        mask_shapes(Twice(), torch.ones(2, 3))
