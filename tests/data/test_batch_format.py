"""What a batch says, and what it lacks."""

import re

import pytest
import torch

from bakeoff.data.batch_format import Format, read_format

FLOATS, LABELS = torch.zeros(4, 3, 2), torch.tensor([0, 1, 2, 0])


def read(batch, shape=None, classes=None):
    return read_format(batch, shape, lambda: classes)


def test_labels_are_classes_and_floats_are_what_a_net_gives():
    assert read((FLOATS, LABELS), classes=5) == Format((3, 2), torch.float32, (5,), 5)
    assert read([FLOATS, torch.zeros(4, 7)]) == Format((3, 2), torch.float32, (7,), None)
    assert read((FLOATS, LABELS), shape=(9,), classes=5).output_shape == (9,)
    masks = torch.zeros(4, 8, 8, dtype=torch.int64)
    assert read((FLOATS, masks), shape=(5, 8, 8)).output_shape == (5, 8, 8)


def test_images_reach_a_net_as_floats_and_words_as_they_are():
    assert read((FLOATS.to(torch.uint8), LABELS), classes=3).input_type is torch.float32
    assert read((FLOATS.long(), LABELS), classes=3).input_type is torch.int64


@pytest.mark.parametrize(
    ("batch", "said"),
    [
        ({"a": FLOATS, "b": LABELS}, ["dictionaries with a, b: say .*input=a .*target=b"]),
        ((FLOATS, LABELS, LABELS), ["batches have 3 parts: .*input=0 .*target=2"]),
        (FLOATS, [r"a batch is a Tensor: expected \(inputs, targets\)"]),
        (([1, 2], LABELS), ["inputs of a batch are a list: expected a tensor"]),
        (([1, 2], {"a": 1}), ["inputs of a batch are a list", "targets of a batch are a dict"]),
        ((FLOATS.double(), LABELS), [r"inputs are torch\.float64: expected torch\.float32"]),
        (
            (FLOATS.double(), torch.zeros(4, 1).double()),
            [r"inputs are torch\.float64", r"targets are torch\.float64"],
        ),
        ((FLOATS, torch.zeros(4)), [r"targets have the shape \(4,\), .* expected \(4, 1\)"]),
        ((FLOATS, LABELS[:3]), ["4 inputs and 3 targets"]),
        ((FLOATS, LABELS), [r"\(4,\) \(torch\.int64\) do not tell .*output_shape=\[10\]"]),
        ((FLOATS, LABELS[:, None]), [r"targets of shape \(4, 1\) .* do not tell"]),
    ],
)
def test_everything_that_is_lacking_is_named(batch, said):
    found = read(batch)
    assert len(found) == len(said)
    for line, pattern in zip(found, said, strict=True):
        assert re.search(pattern, line)
