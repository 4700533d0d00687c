"""Classification metrics against scikit-learn."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference

from bakeoff.metrics.classification import ClassificationMetrics, class_scores


@settings(max_examples=30, deadline=None, derandomize=True)
@given(seed=st.integers(0, 1000), classes=st.integers(2, 5), count=st.integers(1, 40))
def test_they_equal_scikit_learns(seed, classes, count):
    generator = torch.Generator().manual_seed(seed)
    output = torch.randn(count, classes, generator=generator)
    target = torch.randint(0, classes, (count,), generator=generator)
    metrics = ClassificationMetrics()
    for rows in torch.arange(count).split(7):
        metrics.update(output[rows], target[rows])
    found, predicted, names = metrics.compute(), output.argmax(1).numpy(), np.arange(classes)
    true = target.numpy()
    probabilities = output.double().softmax(1).numpy()
    expected = {
        "accuracy": reference.accuracy_score(true, predicted),
        "cross_entropy": reference.log_loss(true, probabilities, labels=names),
        "macro_f1": reference.f1_score(
            true, predicted, labels=names, average="macro", zero_division=0
        ),
    }
    assert {name: float(value) for name, value in found.items()} == pytest.approx(
        expected, rel=1e-5
    )
    expected = reference.confusion_matrix(true, predicted, labels=names)
    assert np.array_equal(metrics.matrix.numpy(), expected)
    scores = reference.precision_recall_fscore_support(
        true, predicted, labels=names, zero_division=0
    )
    for value, score in zip(class_scores(metrics.matrix).values(), scores, strict=True):
        assert value.tolist() == pytest.approx(score.tolist())


def test_reset_forgets():
    metrics = ClassificationMetrics()
    metrics.update(torch.tensor([[1.0, 0.0]]), torch.tensor([1]))
    metrics.reset()
    metrics.update(torch.tensor([[1.0, 0.0]]), torch.tensor([0]))
    assert float(metrics.compute()["accuracy"]) == 1
    assert metrics.matrix.tolist() == [[1, 0], [0, 0]]


def test_sums_over_examples_give_the_metrics():
    output = torch.randn(50, 4, generator=torch.Generator().manual_seed(1))
    target = torch.arange(50) % 3  # the last class never occurs
    metrics = ClassificationMetrics()
    metrics.update(output, target)
    sums = {name: v.double().sum(dim=0) for name, v in metrics.per_example(output, target).items()}
    found = {name: float(value) for name, value in metrics.from_sums(sums).items()}
    assert found == pytest.approx({name: float(v) for name, v in metrics.compute().items()})
