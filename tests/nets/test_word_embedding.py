"""The table of vectors that every word net begins with."""

import pytest
import torch

from bakeoff.errors import BakeoffError
from bakeoff.nets.word_embedding import word_embedding


def test_vectors_of_its_own_have_about_the_length_one():
    torch.manual_seed(0)
    vectors = word_embedding(1000, 16, None, frozen=False).weight
    assert vectors.shape == (1000, 16)
    assert vectors.requires_grad
    assert float(vectors.detach().square().sum(dim=1).mean()) == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("frozen", [False, True])
def test_vectors_from_a_table_are_a_copy(frozen):
    table = torch.arange(6.0).reshape(3, 2)
    vectors = word_embedding(3, 2, table, frozen)
    assert torch.equal(vectors.weight, table)
    assert vectors.weight.requires_grad is not frozen
    with torch.no_grad():
        vectors.weight.zero_()
    assert table.sum() == 15


@pytest.mark.parametrize(("words", "dimension"), [(4, 2), (3, 5)])
def test_a_table_of_another_size_says_what_takes_it(words, dimension):
    with pytest.raises(BakeoffError, match=r"holds 3 words of dimension 2: .*dimension=2 takes it"):
        word_embedding(words, dimension, torch.zeros(3, 2), frozen=False)


def test_frozen_vectors_without_a_table_wait_for_their_weights():
    """As a net is built that is read back: its own weights follow."""
    assert not word_embedding(3, 2, None, frozen=True).weight.requires_grad


def test_a_dimension_is_one_or_more():
    with pytest.raises(BakeoffError, match=r"model.dimension is 0: expected 1 or more"):
        word_embedding(3, 0, None, frozen=False)
