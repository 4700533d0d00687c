"""Inputs as a net gets them, by hand."""

import torch

from bakeoff.run.parts.normalized import normalized


def test_the_mean_is_taken_off_before_the_deviation_divides():
    x = torch.tensor([0.0, 10.0, 25.0])
    found = normalized(x, torch.tensor(10.0), torch.tensor(5.0))
    assert found.tolist() == [-2, 0, 3]


def test_bytes_do_not_wrap_around():
    found = normalized(
        torch.tensor([0, 255], dtype=torch.uint8), torch.tensor(128.0), torch.tensor(2.0)
    )
    assert found.dtype == torch.float32
    assert found.tolist() == [-64, 63.5]


def test_channels_have_statistics_of_their_own():
    images = torch.ones(4, 3, 2, 2, dtype=torch.uint8)
    mean = torch.tensor([1.0, 0.0, -1.0]).reshape(3, 1, 1)
    found = normalized(images, mean, torch.tensor([1.0, 2.0, 4.0]).reshape(3, 1, 1))
    assert found.shape == images.shape
    assert [found[:, channel].unique().tolist() for channel in range(3)] == [[0], [0.5], [0.5]]


def test_ids_of_words_stay_as_they_are():
    ids = torch.tensor([3, 1])
    assert normalized(ids, None, None) is ids
