"""Lists and grids: numbers worked by hand, and there and back again."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, tensor

from bakeoff.tasks.detection.grid import collisions, to_grid, to_image, to_list

quick = settings(max_examples=200, deadline=None)

side = st.floats(0, 1, width=32)
sizes = st.floats(1 / 64, 1, width=32)
an_object = st.tuples(side, side, sizes, sizes, st.integers(0, 9)).map(lambda o: [1.0, *o])
nothing = st.just([0.0] * 6)
lists = st.lists(st.one_of(an_object, nothing), min_size=1, max_size=6).map(tensor)
grids = st.tuples(st.integers(1, 7), st.integers(1, 7))


def in_order(boxes: Tensor) -> list[list[float]]:
    """The objects of a list (M, 6), in an order of their own."""
    return sorted(row for row in boxes.tolist() if row[0] > 0)


def test_a_digit_in_a_grid_of_2_by_3():
    # 48 x 60 pixels, cells 24 x 20. Centre (35, 30): column 1, 15 of 20; row 1, 6 of 24.
    boxes = tensor([[1, 35 / 60, 30 / 48, 10 / 60, 36 / 48, 7.0]])
    grid = to_grid(boxes, 2, 3)
    assert grid.shape == (2, 3, 6)
    torch.testing.assert_close(grid[1, 1], tensor([1, 15 / 20, 6 / 24, 10 / 20, 36 / 24, 7.0]))
    grid[1, 1] = 0
    assert not grid.any()  # empty cells are all zeros


def test_a_centre_on_an_edge_belongs_to_the_cell_behind_it_and_on_the_last_to_the_last():
    boxes = tensor([[[1, 1 / 2, 1.0, 0.5, 0.5, 0]], [[1, 1.0, 1 / 2, 0.5, 0.5, 0]]])
    grid = to_grid(boxes, 2, 2)
    assert grid[..., 0].nonzero().tolist() == [[0, 1, 1], [1, 1, 1]]
    assert grid[0, 1, 1, 1:3].tolist() == [0, 1]
    assert grid[1, 1, 1, 1:3].tolist() == [1, 0]


def test_the_first_of_a_list_gets_the_cell():
    first, second = [1, 0.1, 0.1, 0.2, 0.2, 3.0], [1, 0.2, 0.2, 0.1, 0.1, 4.0]
    boxes = tensor([[first, second, [0.0] * 6], [second, [0.0] * 6, first]])
    assert collisions(boxes, 2, 2).tolist() == [[False, True, False], [False, False, True]]
    assert to_grid(boxes, 2, 2)[:, 0, 0, 5].tolist() == [3, 4]
    assert not collisions(boxes, 10, 10).any()


@quick
@given(boxes=lists, shape=grids)
def test_list_to_grid_to_list_is_the_identity_for_what_does_not_collide(boxes, shape):
    kept = boxes * ~collisions(boxes, *shape).unsqueeze(-1)
    back = to_list(to_grid(boxes, *shape))
    expected, found = in_order(kept), in_order(back)
    assert len(found) == len(expected)
    if expected:
        # To a rounding: fractions of a cell are other floats than fractions of the image.
        torch.testing.assert_close(tensor(found), tensor(expected), rtol=1e-6, atol=3e-7)
    assert not back[back[:, 0] == 0].any()
    assert back[:, 0].tolist() == sorted(back[:, 0].tolist(), reverse=True)  # objects first


@quick
@given(boxes=lists, shape=grids)
def test_grid_to_list_to_grid_is_the_identity(boxes, shape):
    grid = to_grid(boxes, *shape)
    again = to_grid(to_list(grid), *shape)
    inside = (grid[..., 1:3] < 0.999).all(dim=-1)  # else rounding may move a centre over an edge
    torch.testing.assert_close(again[inside], grid[inside], rtol=1e-5, atol=2e-6)


@quick
@given(boxes=lists, shape=grids)
def test_what_collides_shares_its_cell_with_exactly_one_earlier_object_that_does_not(boxes, shape):
    rows, columns = shape
    lost = collisions(boxes, *shape).tolist()
    taken = set()
    for (present, x, y, *_), is_lost in zip(boxes.tolist(), lost, strict=True):
        column = min(int(torch.tensor(x) * columns), columns - 1)
        row = min(int(torch.tensor(y) * rows), rows - 1)
        assert is_lost == (present == 1 and (row, column) in taken)
        if present:
            taken.add((row, column))


def test_batches_are_converted_image_by_image():
    generator = torch.Generator().manual_seed(0)
    boxes = torch.rand(2, 5, 4, 6, generator=generator)
    boxes[..., 0] = (boxes[..., 0] > 0.4).float()
    boxes *= boxes[..., :1]
    whole = to_grid(boxes, 3, 2)
    assert whole.shape == (2, 5, 3, 2, 6)
    for i in range(2):
        for j in range(5):
            assert torch.equal(whole[i, j], to_grid(boxes[i, j], 3, 2))
            assert torch.equal(to_list(whole)[i, j], to_list(whole[i, j]))


@pytest.mark.parametrize("numbers", [5, 7, 15])
def test_to_image_takes_outputs_of_any_length(numbers):
    cells = torch.zeros(1, 2, 3, numbers)
    cells[..., 1:5] = 0.5
    image = to_image(cells)
    torch.testing.assert_close(image[0, 1, 2, 1:5], tensor([2.5 / 3, 1.5 / 2, 0.5 / 3, 0.5 / 2]))
