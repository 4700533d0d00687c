"""Images put together from the rows and columns of others."""

import torch

from bakeoff.images.gather import gather


def test_by_hand():
    image = torch.tensor([[[1, 2, 3], [4, 5, 6]]], dtype=torch.uint8)  # (1, 2, 3)
    found = gather(image[None], torch.tensor([[1, 0, 0]]), torch.tensor([[2, 0]]))
    assert found.tolist() == [[[[6, 4], [3, 1], [3, 1]]]]
    assert found.dtype == torch.uint8


def test_equals_a_loop_over_pixels():
    generator = torch.Generator().manual_seed(0)
    images = torch.rand(3, 2, 4, 5, generator=generator)
    rows = torch.randint(0, 4, (3, 6), generator=generator)
    columns = torch.randint(0, 5, (3, 7), generator=generator)
    found = gather(images, rows, columns)
    assert found.shape == (3, 2, 6, 7)
    for b, c, y, x in torch.cartesian_prod(*map(torch.arange, found.shape)).tolist():
        assert found[b, c, y, x] == images[b, c, rows[b, y], columns[b, x]]
