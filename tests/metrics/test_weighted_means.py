"""Means of losses over batches of different sizes."""

import pytest
import torch
from torch import tensor

from bakeoff.metrics.weighted_means import AT_ONCE, WeightedMeans


def test_means_by_hand():
    means = WeightedMeans()
    means.update({"loss": tensor(1.0), "box": tensor(4.0)}, 3)
    means.update({"loss": tensor(3.0), "box": tensor(0.0)}, 1)
    assert means.compute() == {"loss": tensor(1.5), "box": tensor(3.0)}
    means.reset()
    means.update({"loss": tensor(7.0), "box": tensor(8.0)}, 2)
    assert means.compute() == {"loss": tensor(7.0), "box": tensor(8.0)}


def test_names_are_told_from_the_first_update_and_kept():
    means = WeightedMeans()
    assert means.names == ()
    means.update({"b": tensor(1.0), "a": tensor(2.0)}, 1)
    means.update({"a": tensor(2.0), "b": tensor(1.0)}, 1)
    assert means.compute() == {"b": tensor(1.0), "a": tensor(2.0)}
    with pytest.raises(KeyError):
        means.update({"a": tensor(2.0)}, 1)


def test_a_value_of_double_precision_keeps_it_and_no_graph_is_kept():
    means = WeightedMeans()
    value = tensor(1 / 3, dtype=torch.float64, requires_grad=True)
    means.update({"loss": value}, 3)
    found = means.compute()["loss"]
    assert found.dtype == torch.float64 and not found.requires_grad
    assert float(found) == pytest.approx(1 / 3, rel=1e-15)


def test_sums_are_those_of_one_addition_after_the_other_bit_for_bit():
    values = torch.rand(2 * AT_ONCE + 3, generator=torch.Generator().manual_seed(0))
    means, by_hand = WeightedMeans(), torch.zeros(2)
    for weight, value in enumerate(values, start=1):
        means.update({"loss": value}, weight)
        by_hand = by_hand + torch.stack([value, torch.ones(())]) * weight
        if weight % 5 == 0:  # whoever asks in between changes nothing
            assert torch.equal(means.sums, by_hand)
    assert torch.equal(means.sums, by_hand)


def test_one_goes_on_where_another_was():
    means, other = WeightedMeans(), WeightedMeans()
    means.update({"loss": tensor(1.0)}, 3)
    other.restore(means.names, means.sums)
    other.update({"loss": tensor(3.0)}, 1)
    assert other.compute() == {"loss": tensor(1.5)}


def test_without_an_update_there_is_no_mean():
    assert WeightedMeans().compute() == {}
