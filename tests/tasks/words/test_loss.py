"""The loss of words, by hand and against numpy."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from bakeoff.errors import BakeoffError
from bakeoff.tasks.words.loss import WordCrossEntropy
from bakeoff.text.streams import IGNORED


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 1000), st.integers(2, 8), st.integers(1, 20), st.booleans())
def test_it_is_the_mean_over_the_targets_that_count(seed, words, count, at_positions):
    generator = torch.Generator().manual_seed(seed)
    output = torch.randn(count, words, generator=generator)
    target = torch.randint(0, words, (count,), generator=generator)
    target[1:][torch.rand(count - 1, generator=generator) < 0.3] = IGNORED
    shape = (count, 1) if at_positions else (count,)
    loss = WordCrossEntropy(label_smoothing=0.0, balance=0.0)
    found = loss(output.reshape(*shape, words), target.reshape(shape))["loss"]
    x = output.double().numpy()
    log_probabilities = x - np.log(np.exp(x).sum(axis=1, keepdims=True))
    rows = np.flatnonzero(target.numpy() != IGNORED)
    expected = -log_probabilities[rows, target.numpy()[rows]].mean()
    assert float(found) == pytest.approx(expected, rel=1e-5)


def test_weights_by_hand():
    # Shares 1/2, 1/4, 1/4 of four targets. s^-1: 2, 4, 4, on average 3, so 2/3, 4/3, 4/3.
    loss = WordCrossEntropy(0.0, balance=1.0)
    loss.weigh(torch.tensor([2, 1, 1, 0]))
    assert loss.weight.tolist() == pytest.approx([2 / 3, 4 / 3, 4 / 3, 0])
    # s^-1/2: 2^.5, 2, 2, on average 2^.5 / 2 + 1.
    loss = WordCrossEntropy(0.0, balance=0.5)
    loss.weigh(torch.tensor([2, 1, 1, 0]))
    mean = 2**0.5 / 2 + 1
    assert loss.weight.tolist() == pytest.approx([2**0.5 / mean, 2 / mean, 2 / mean, 0])


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 50), min_size=2, max_size=9).filter(any), st.floats(0.1, 1))
def test_weights_are_one_on_average_over_the_targets(counts, balance):
    loss = WordCrossEntropy(0.0, balance)
    loss.weigh(torch.tensor(counts))
    share = torch.tensor(counts) / sum(counts)
    assert float((loss.weight * share).sum()) == pytest.approx(1, rel=1e-4)
    # With 1, every word that occurs has the same say in total.
    says = (loss.weight * share)[share > 0]
    assert balance < 1 or torch.allclose(says, says[:1])


def test_the_weighted_loss_by_hand():
    loss = WordCrossEntropy(0.0, balance=1.0)
    loss.weigh(torch.tensor([2, 1, 1]))
    output = torch.tensor([[2.0, 1.0, 1.0], [2.0, 1.0, 1.0]]).log()
    # -log 1/2 with the weight 2/3, -log 1/4 with 4/3: (2/3 + 8/3) / 2 bits.
    found = loss(output, torch.tensor([0, 1]))["loss"]
    assert float(found) == pytest.approx((2 / 3 + 8 / 3) / 2 * 0.6931472)


def test_without_balance_nothing_is_weighed():
    loss = WordCrossEntropy(0.0, balance=0.0)
    loss.weigh(torch.tensor([2, 1, 1]))
    assert loss.weight is None
    assert not loss.state_dict()


def test_label_smoothing_is_torchs():
    torch.manual_seed(0)
    output, target = torch.randn(5, 4), torch.tensor([0, 1, 2, 3, 1])
    found = WordCrossEntropy(0.1, balance=0.0)(output, target)["loss"]
    log_probabilities = output.log_softmax(dim=1)
    picked = log_probabilities[torch.arange(5), target]
    assert float(found) == pytest.approx(
        -float((0.9 * picked + 0.1 * log_probabilities.mean(dim=1)).mean()), rel=1e-6
    )


@pytest.mark.parametrize(("key", "value"), [("label_smoothing", 1), ("balance", -1)])
def test_a_value_out_of_its_range_is_refused(key, value):
    with pytest.raises(BakeoffError, match=rf"loss.{key} is {value}: expected"):
        WordCrossEntropy(**{"label_smoothing": 0.0, "balance": 0.0, key: value})


@pytest.mark.parametrize(("smoothing", "balance"), [(0.0, 0.0), (0.1, 0.0), (0.0, 1.0), (0.1, 0.5)])
@pytest.mark.parametrize("positions", [(7,), (3, 4)])
def test_of_several_nets_each_has_its_own_loss_and_gradient(smoothing, balance, positions):
    torch.manual_seed(0)
    loss = WordCrossEntropy(smoothing, balance)
    loss.weigh(torch.tensor([5, 0, 3, 1]))
    output = torch.randn(2, *positions, 4, requires_grad=True)
    target = torch.tensor([0, 2, 3])[torch.randint(0, 3, (2, *positions))]
    target[0].view(-1)[:2] = IGNORED
    together = loss.of_each(output, target)["loss"]
    alone = torch.stack([loss(o, t)["loss"] for o, t in zip(output, target, strict=True)])
    torch.testing.assert_close(together, alone)
    gradients = [
        torch.autograd.grad(x.sum(), output, retain_graph=True)[0] for x in (together, alone)
    ]
    torch.testing.assert_close(*gradients)
