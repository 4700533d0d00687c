"""From logits to a finding."""

from math import log

import pytest
import torch

from bakeoff.tasks.classification.decode import findings


def test_the_likeliest_class_with_its_probability_and_no_box():
    [[found]] = findings(torch.tensor([[0.0, log(3), 0.0]]), 32, 32)
    assert (found.label, found.box) == (1, None)
    assert found.score == pytest.approx(3 / 5)
