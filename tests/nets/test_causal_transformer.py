"""A transformer that looks back over a number of words, and over no more."""

import pytest
import torch

from bakeoff.errors import BakeoffError
from bakeoff.nets.carried_state import carries


def test_it_forgets_what_is_behind_its_reach(transformer, ids):
    net, near = transformer(layers=1), ids[:1]
    with torch.no_grad():
        _, state = net.start(ids[1:2])
        for word in near.T:
            log_probs, state = net.step(word, state)
        fresh, _ = net.start(near)
    assert state[0][0].shape[2] == near.shape[1]
    assert torch.allclose(log_probs, fresh, atol=1e-5)


def test_the_slopes_are_those_of_the_paper(transformer):
    # Press et al., ICLR, 2022: for 8 heads 1/2, 1/4, ..., 1/256.
    slopes = transformer(width=8, heads=8).layers[0].slopes.flatten()
    assert slopes.tolist() == [2.0**-h for h in range(1, 9)]


def test_it_carries_no_state_in_training(transformer):
    assert not carries(transformer())


def test_heads_must_divide_the_width(transformer):
    with pytest.raises(
        BakeoffError, match=r"model.width is 8: expected a multiple of model.heads=3"
    ):
        transformer(heads=3)
