"""The residual net: its blocks, its sizes, and that it knows where something is."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from bakeoff.errors import BakeoffError
from bakeoff.nets.resnet import ResidualBlock, ResNet

IMAGE = (1, 48, 60)


def resnet(input_shape=IMAGE, output_shape=(15,), widths=(4, 8, 8), dense=16) -> ResNet:
    torch.manual_seed(0)
    return ResNet(input_shape, output_shape, widths, dense, dropout=0.0).eval()


def test_it_gives_grids_and_vectors():
    for output in ((15,), (2, 3, 7)):
        assert resnet(output_shape=output)(torch.zeros(2, *IMAGE)).shape == (2, *output)


def test_a_block_adds_what_it_has_learned_to_its_input():
    block, x = ResidualBlock(3).eval(), torch.randn(2, 3, 5, 4)
    nn.init.zeros_(block.branch[-1].weight)  # the last normalization: the branch adds nothing
    assert torch.equal(block(x), x.relu())
    nn.init.constant_(block.branch[-1].bias, 0.5)
    torch.testing.assert_close(block(x), (x + 0.5).relu())


def test_parameters_by_hand():
    # widths 4 and 8 on 8x12: a 5x5 convolution and its normalization; 3x3 with stride 2, a block of two
    # 3x3, each normalized; then 8 features of 2x3 positions, dense.
    convolutions = 25 * 4 + 2 * 4 + (9 * 4 * 8 + 2 * 8) + 2 * (9 * 8 * 8 + 2 * 8)
    dense = (8 * 2 * 3 + 1) * 16 + (16 + 1) * 15
    net = resnet((1, 8, 12), widths=(4, 8))
    assert sum(p.numel() for p in net.parameters()) == convolutions + dense


def test_where_something_is_counts():
    here, there = torch.zeros(1, *IMAGE), torch.zeros(1, *IMAGE)
    here[..., 8:16, 8:16] = there[..., 32:40, 40:48] = 1
    net = resnet()
    assert not torch.allclose(net(here), net(there), atol=1e-4)


@settings(max_examples=25, deadline=None)
@given(height=st.integers(1, 20), width=st.integers(1, 20), count=st.integers(1, 4))
def test_any_image_that_is_large_enough(height, width, count):
    shape, widths = (2, height, width), [3] * count
    if min(height, width) < 2**count:
        with pytest.raises(BakeoffError, match=rf"at least {2**count} pixels on each side"):
            resnet(shape, widths=widths)
    else:
        assert resnet(shape, (5,), widths)(torch.zeros(2, *shape)).shape == (2, 5)


def test_other_inputs_than_images_are_refused():
    with pytest.raises(BakeoffError, match=r"ResNet takes images .* has the shape \(7,\)"):
        resnet((7,))
