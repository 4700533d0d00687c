"""Word metrics against torch and scikit-learn."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import log_loss, top_k_accuracy_score

from bakeoff.tasks.words.metrics import WordMetrics
from bakeoff.text.streams import IGNORED


def computed(metrics: WordMetrics) -> dict[str, float]:
    return {name: float(value) for name, value in metrics.compute().items()}


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.integers(0, 1000), st.integers(7, 12), st.integers(1, 40))
def test_they_equal_scikit_learns(seed, words, count):
    generator = torch.Generator().manual_seed(seed)
    output = torch.randn(count, words, generator=generator)
    target = torch.randint(0, words, (count,), generator=generator)
    metrics = WordMetrics()
    for rows in torch.arange(count).split(7):
        metrics.update(output[rows], target[rows])
    probabilities = output.double().softmax(dim=1).numpy()
    names, true = range(words), target.numpy()
    entropy = log_loss(true, probabilities, labels=list(names))
    assert computed(metrics) == pytest.approx(
        {
            "cross_entropy": entropy,
            "perplexity": 2.718281828459045**entropy,
            "bits_per_word": entropy / 0.6931471805599453,
            "accuracy": top_k_accuracy_score(true, probabilities, k=1, labels=list(names)),
            "top5_accuracy": top_k_accuracy_score(true, probabilities, k=5, labels=list(names)),
        },
        rel=1e-5,
    )


def test_by_hand():
    metrics = WordMetrics()
    # Probabilities 1/2, 1/4, 1/4; the targets have 1/2 and 1/4: entropy 1.5 bits, perplexity 2^1.5.
    output = torch.tensor([[2.0, 1.0, 1.0], [2.0, 1.0, 1.0]]).log()
    metrics.update(output, torch.tensor([0, 2]))
    assert computed(metrics) == pytest.approx(
        {
            "bits_per_word": 1.5,
            "perplexity": 2**1.5,
            "cross_entropy": 1.5 * 0.6931472,
            "accuracy": 0.5,
            "top5_accuracy": 1.0,  # there are three words only
        }
    )


def test_ignored_targets_count_nowhere_and_positions_are_samples():
    torch.manual_seed(0)
    output, target = torch.randn(2, 3, 6), torch.tensor([[1, IGNORED, 5], [IGNORED, 0, 2]])
    flat, every = WordMetrics(), WordMetrics()
    flat.update(output[target >= 0], target[target >= 0])
    every.update(output, target)
    assert computed(every) == computed(flat)
    assert int(every.count) == 4


def test_a_batch_of_ignored_targets_changes_nothing():
    metrics = WordMetrics()
    metrics.update(torch.zeros(1, 2), torch.tensor([0]))
    before = computed(metrics)
    metrics.update(torch.randn(3, 2), torch.full((3,), IGNORED))
    assert computed(metrics) == before


def test_reset_forgets():
    metrics = WordMetrics()
    metrics.update(torch.tensor([[0.0, 9.0]]), torch.tensor([0]))
    metrics.reset()
    metrics.update(torch.tensor([[0.0, 0.0]]), torch.tensor([0]))
    assert computed(metrics)["perplexity"] == pytest.approx(2)


@pytest.mark.parametrize("words", [(), (5,)])
def test_sums_over_examples_give_the_metrics(words):
    generator = torch.Generator().manual_seed(1)
    output = torch.randn(12, *words, 9, generator=generator)
    target = torch.randint(9, (12, *words), generator=generator)
    target[::3] = IGNORED
    metrics = WordMetrics()
    metrics.update(output, target)
    parts = metrics.per_example(output, target)
    assert {part.shape for part in parts.values()} == {(12,)}
    sums = {name: part.sum() for name, part in parts.items()}
    found = {name: float(value) for name, value in metrics.from_sums(sums).items()}
    assert found == pytest.approx({name: float(v) for name, v in metrics.compute().items()})
