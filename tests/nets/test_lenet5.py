"""LeNet5: its three variants, counted by hand and recomputed layer by layer."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from omegaconf import OmegaConf
from torch import nn
from torch.nn import functional as F

from bakeoff.errors import BakeoffError
from bakeoff.nets.lenet5 import LeNet5
from bakeoff.store.paths import conf_dir

quick = settings(max_examples=25, deadline=None)


def variant(name: str, input_shape=(1, 48, 60), output_shape=(15,)) -> LeNet5:
    """A net as `model=lenet5/<name>` describes it."""
    settings = OmegaConf.to_container(
        OmegaConf.load(conf_dir() / "model" / "lenet5" / f"{name}.yaml")
    )
    assert settings.pop("_target_") == "bakeoff.nets.lenet5.LeNet5"
    return LeNet5(input_shape, output_shape, **settings)


# Weights and biases. 48x60 -> conv 44x56 -> pool 22x28 -> conv 18x24 -> pool 9x12.
PARAMETERS = {
    "standard": (6 * 25 + 6)
    + (16 * 6 * 25 + 16)
    + (16 * 9 * 12 * 120 + 120)
    + (120 * 84 + 84)
    + (84 * 15 + 15),
    "shallow": (3 * 25 + 3) + (8 * 3 * 25 + 8) + (8 * 9 * 12 * 84 + 84) + (84 * 15 + 15),
    "deep": (12 * 25 + 12)
    + (32 * 12 * 25 + 32)
    + (32 * 9 * 12 * 240 + 240)
    + (240 * 168 + 168)
    + (168 * 84 + 84)
    + (84 * 15 + 15),
}


@pytest.mark.parametrize(
    ("name", "count"), [("standard", 221_491), ("shallow", 74_621), ("deep", 895_583)]
)
def test_parameters_of_the_three_variants(name, count):
    assert PARAMETERS[name] == count
    assert sum(weight.numel() for weight in variant(name).parameters()) == count


@pytest.mark.parametrize("name", PARAMETERS)
def test_pooling_before_relu_is_relu_before_pooling(name):
    torch.manual_seed(0)
    net = variant(name).eval()
    images = torch.randn(5, 1, 48, 60)

    # As it is usually written: convolution, ReLU, pooling; then dense layers with ReLU between them.
    x = images
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d):
            x = F.max_pool2d(F.relu(F.conv2d(x, layer.weight, layer.bias)), 2)
    x = x.flatten(1)
    dense = [layer for layer in net.modules() if isinstance(layer, nn.Linear)]
    for layer in dense[:-1]:
        x = F.relu(F.linear(x, layer.weight, layer.bias))
    expected = F.linear(x, dense[-1].weight, dense[-1].bias)

    torch.testing.assert_close(net(images), expected)


def least_side(convolutions: int) -> int:
    """Smallest side that leaves a pixel: backwards, before pooling twice it, before a kernel 4 more."""
    return 1 if convolutions == 0 else 2 * least_side(convolutions - 1) + 4


@quick
@given(st.data())
def test_any_large_enough_image_gives_the_numbers_asked_for(data):
    conv = data.draw(st.lists(st.integers(1, 4), max_size=3))
    dense = data.draw(st.lists(st.integers(1, 6), max_size=3))
    least = least_side(len(conv))
    channels, numbers, batch = (data.draw(st.integers(1, 4)) for _ in range(3))
    height, width = (data.draw(st.integers(least, least + 9)) for _ in range(2))
    net = LeNet5((channels, height, width), (numbers,), conv, dense, dropout=0.0)
    assert net(torch.zeros(batch, channels, height, width)).shape == (batch, numbers)


@pytest.mark.parametrize(("convolutions", "least"), [(1, 6), (2, 16), (3, 36)])
def test_too_small_images_are_refused_with_the_least_side(convolutions, least):
    conv = [2] * convolutions
    LeNet5((1, least, least), (15,), conv, [4], 0.0)
    for height, width in ((least - 1, 60), (60, least - 1)):
        message = (
            f"{convolutions} convolutions cannot take images of {height}x{width}: .* {least} pix"
        )
        with pytest.raises(BakeoffError, match=message):
            LeNet5((1, height, width), (15,), conv, [4], 0.0)


@pytest.mark.parametrize("shape", [(48, 60), (40,), (1, 2, 48, 60)])
def test_what_is_not_an_image_is_refused(shape):
    with pytest.raises(
        BakeoffError, match=r"takes images of \(channels, height, width\), but .*40|48"
    ):
        variant("standard", input_shape=shape)


def test_an_output_that_is_neither_a_vector_nor_a_grid_is_refused():
    with pytest.raises(BakeoffError, match=r"a vector .* or a grid .* the shape \(2, 3\)"):
        variant("standard", output_shape=(2, 3))


def test_dropout_drops_hidden_dense_values_in_training_alone():
    torch.manual_seed(0)
    net = LeNet5((1, 16, 16), (3,), [2, 4], [2000], dropout=0.25)
    images = torch.randn(1, 1, 16, 16).expand(40, -1, -1, -1)
    seen = {}
    dropped = next(layer for layer in net.modules() if isinstance(layer, nn.Dropout))
    dropped.register_forward_hook(lambda _, x, y: seen.update(x=x[0], y=y))

    net.train()(images)
    alive = seen["x"] != 0
    kept = (seen["y"] != 0)[alive]
    deviation = math.sqrt(0.25 * 0.75 / kept.numel())
    assert abs(1 - kept.float().mean().item() - 0.25) < 4 * deviation
    torch.testing.assert_close(seen["y"][alive][kept], seen["x"][alive][kept] / 0.75)

    output = net.eval()(images)
    torch.testing.assert_close(output, output[:1].expand(40, -1))
    assert torch.equal(net(images), output)
