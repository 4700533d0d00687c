"""A confusion matrix: true classes as rows, dark where the images are, each class's scores beside it."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from PIL import ImageDraw

from bakeoff.showcase.confusion import CELL, draw_confusion

NAMES = ("cat", "dog")
MATRIX = torch.tensor([[7, 2], [1, 4]])


@pytest.fixture
def written(monkeypatch) -> Callable[[torch.Tensor], dict[str, tuple[float, float]]]:
    """What is written into the picture of a matrix and where, apart from the upright headings."""

    def of(matrix: torch.Tensor) -> dict[str, tuple[float, float]]:
        texts = {}
        text = ImageDraw.ImageDraw.text

        def noted(pen, at, said, *rest, **more):
            if at[0]:  # an upright heading is written at the left edge of a picture of its own
                texts[said] = at
            return text(pen, at, said, *rest, **more)

        with monkeypatch.context() as patch:
            patch.setattr(ImageDraw.ImageDraw, "text", noted)
            draw_confusion(matrix, NAMES)
        return texts

    return of


def test_true_classes_are_rows_and_predicted_ones_columns(written):
    found = written(MATRIX)
    (x7, y7), (x2, y2), (x4, y4) = (found[count] for count in ("7", "2", "4"))
    assert (y7, x2) == (y2, x4)
    assert x2 - x7 == y4 - y7 == CELL
    assert abs(found["cat"][1] - y7) <= 1 and abs(found["dog"][1] - y4) <= 1


def test_a_cell_without_images_is_empty(written):
    assert {"5", "3"} <= set(written(torch.tensor([[5, 0], [0, 3]])))
    assert "0" not in written(torch.tensor([[5, 0], [0, 3]]))


def test_scores_of_each_class_by_hand(written):
    # cat: precision 7/8, recall 7/9, F1 14/17; dog: precision 4/6, recall 4/5, F1 8/11.
    found = written(MATRIX)
    rows = {
        name: [
            text
            for text, at in sorted(found.items(), key=lambda i: i[1])
            if at[1] == found[name][1]
        ]
        for name in NAMES
    }
    assert rows == {
        "cat": ["cat", "0.875", "0.778", "0.824", "9"],
        "dog": ["dog", "0.667", "0.800", "0.727", "5"],
    }
    assert {"precision", "recall", "F1", "examples", "true", "predicted"} <= set(found)


def test_a_cell_is_dark_where_the_images_are():
    matrix = torch.tensor([[8, 0, 2], [0, 5, 0], [10, 0, 0]])
    picture = np.asarray(draw_confusion(matrix, ("cat", "dog", "a long name"))).astype(int)
    left = next(x for x in range(picture.shape[1]) if picture[-20, x].min() < 200)
    assert picture.shape[0] > 3 * CELL
    assert left > 0
    reds = (picture == np.array([179, 61, 44])).all(axis=-1)
    blues = (picture == np.array([23, 107, 140])).all(axis=-1)
    assert reds.any(), "all of the third class are wrong"
    assert blues.any(), "all of the second class are right"
    assert np.argwhere(blues)[:, 0].max() < np.argwhere(reds)[:, 0].max()


def test_a_class_without_images_is_drawn():
    assert draw_confusion(torch.tensor([[0, 0], [0, 3]]), NAMES).width > 2 * CELL


def test_long_names_and_many_classes_make_the_picture_larger():
    short = draw_confusion(MATRIX, NAMES)
    long = draw_confusion(MATRIX, ("cat", "a name of some length"))
    assert long.width > short.width and long.height > short.height
    assert draw_confusion(torch.eye(5).long(), tuple("abcde")).width > short.width
