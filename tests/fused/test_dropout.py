"""Masks that are drawn before a forward pass are those that dropout layers draw within it."""

import pytest
import torch
from torch import nn

from bakeoff.fused.dropout import all_kept, draw_masks, dropouts, masked


def net():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(4, 6), nn.Dropout(0.5), nn.Dropout(0.0), nn.Linear(6, 5), nn.Dropout(0.2)
    )


def test_masks_give_the_output_of_dropout_with_the_same_generator():
    own, x = net(), torch.randn(7, 4)
    kept = all_kept(own, x)
    assert {name: ones.shape for name, ones in kept.items()} == {"1": (7, 6), "4": (7, 5)}
    torch.manual_seed(3)
    expected = own(x)
    torch.manual_seed(3)
    masks = draw_masks(own, kept)
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
        all_kept(Twice(), torch.ones(2, 3))


def test_masks_are_drawn_in_the_order_and_the_type_that_the_layer_gets():
    images = torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last)
    own = nn.Sequential(nn.Conv2d(3, 6, 1), nn.Dropout(0.5)).to(memory_format=torch.channels_last)
    for dtype in (torch.float32, torch.bfloat16):
        with torch.autocast("cpu", dtype, enabled=dtype is torch.bfloat16):
            kept = all_kept(own, images)
            torch.manual_seed(3)
            [mask] = draw_masks(own, kept)
            torch.manual_seed(3)
            expected = own(images)
        assert mask.dtype == dtype
        assert torch.equal(mask == 0, expected == 0)
