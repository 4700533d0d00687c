"""Classifiers of scikit-learn, as nets."""

import numpy as np
import pytest
import torch
from sklearn.dummy import DummyClassifier
from sklearn.svm import LinearSVC

from bakeoff.errors import BakeoffError
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


class Answers:
    """Gives the same answers whatever it is asked."""

    def __init__(self, probabilities=None, classes=None):
        self.classes = classes
        if probabilities is not None:
            self.predict_proba = lambda features: np.array(probabilities)

    def predict(self, features):
        return np.array(self.classes)


@pytest.mark.parametrize(
    ("answers", "mistake"),
    [
        ({"classes": [0, 1]}, r"predict gave an array of shape \(2,\): expected \(3,\)"),
        ({"classes": [1]}, r"shape \(1,\)"),
        ({"classes": [[0, 1, 2]]}, r"shape \(1, 3\)"),
        ({"classes": [0, 1, 1.5]}, "numbers that are not whole"),
        ({"classes": [0, 1, np.nan]}, "numbers that are not whole"),
        ({"probabilities": [[0.5, 0.5]]}, r"shape \(1, 2\): expected \(3, 2\)"),
        ({"probabilities": [[0.5, 0.5]] * 2}, r"shape \(2, 2\): expected \(3, 2\)"),
        ({"probabilities": [[1.0]] * 3}, r"shape \(3, 1\): expected \(3, 2\)"),
    ],
)
def test_what_is_no_answer_for_each_example_is_refused(answers, mistake):
    with pytest.raises(BakeoffError, match=mistake):
        class_scores(Answers(**answers), np.zeros((3, 1)), 2)


def test_whole_numbers_may_be_floats_and_in_a_column():
    found = class_scores(Answers(classes=[[1.0], [0.0]]), np.zeros((2, 1)), 2)
    assert found.argmax(dim=1).tolist() == [1, 0]
