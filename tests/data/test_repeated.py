"""Samples that are others when they are read again."""

from itertools import count

import torch

from bakeoff.data.repeated import READ, repeated_mistake


class Drawn:
    """Samples that draw from the global generator of torch."""

    def __len__(self) -> int:
        return 12

    def __getitem__(self, index):
        return torch.rand(2)


def test_what_stays_the_same_passes():
    assert repeated_mistake(range(3 * READ), lambda: range(3), seed=0) is None


def test_validation_samples_must_not_draw():
    said = repeated_mistake(Drawn(), lambda: range(3), seed=0)
    assert said.startswith("validation samples are others each time they are read")


def test_training_targets_may_draw_from_the_global_generator_alone():
    assert repeated_mistake(range(3), lambda: [torch.rand(2)], seed=0) is None
    number = count()
    said = repeated_mistake(range(3), lambda: [next(number)], seed=0)
    assert said.startswith("training targets are others each time they are read, of any seed")
