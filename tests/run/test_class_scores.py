"""Classifiers of scikit-learn, as nets."""

import numpy as np
import pytest
import torch
from sklearn.dummy import DummyClassifier
from sklearn.svm import LinearSVC

from bakeoff.run.class_scores import class_scores


def test_probabilities_become_logits_of_the_same_softmax():
    model = DummyClassifier(strategy="prior").fit(np.zeros((4, 1)), [0, 0, 0, 2])
    scores = class_scores(model, np.zeros((2, 1)), 4)
    expected = torch.tensor([[0.75, 0, 0.25, 0]] * 2)  # classes 1 and 3 are in no training example
    assert torch.allclose(scores.softmax(dim=1), expected)


def test_a_classifier_without_probabilities_is_sure():
    features = np.array([[-1.0], [1.0]])
    model = LinearSVC().fit(features, [0, 1])
    assert not hasattr(model, "predict_proba")
    assert class_scores(model, features, 3).softmax(dim=1).tolist() == [[1, 0, 0], [0, 1, 0]]


def test_without_classes_the_columns_are_the_classes():
    class Model:
        def predict_proba(self, features):
            return np.array([[0.5, 0.25, 0.25]] * len(features))

    assert class_scores(Model(), np.zeros((1, 1)), 3).exp()[0].tolist() == pytest.approx(
        [0.5, 0.25, 0.25]
    )
