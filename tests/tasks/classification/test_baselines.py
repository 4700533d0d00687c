"""Images as rows of numbers."""

import torch

from bakeoff.data.batches import Tensors
from bakeoff.tasks.classification.baselines import Rows


class Data:
    output_shape = (3,)
    splits = {  # noqa: RUF012
        "train": Tensors(
            torch.tensor([[[[0, 255]]], [[[51, 102]]]], dtype=torch.uint8), torch.tensor([2, 0])
        )
    }


def test_pixels_are_shares_of_white():
    features, targets = Rows().examples(Data(), "train")
    assert torch.allclose(torch.from_numpy(features), torch.tensor([[0, 1], [0.2, 0.4]]))
    assert Rows().labels(targets).tolist() == [2, 0]


def test_numbers_that_are_no_pixels_stay_as_they_are():
    class Floats:
        splits = {"train": Tensors(torch.tensor([[3.5, -1.0]]), torch.tensor([0]))}  # noqa: RUF012

    assert Rows().examples(Floats(), "train")[0].tolist() == [[3.5, -1.0]]


def test_the_output_has_a_logit_for_each_class_of_the_data():
    class First:
        def predict(self, features):
            return features[:, 0].astype(int)

    features, _ = Rows().examples(Data(), "train")
    assert Rows().output(First(), features, Data()).argmax(dim=1).tolist() == [0, 0]
    assert Rows().output(First(), features, Data()).shape == (2, 3)
