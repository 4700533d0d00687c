"""The answers of a classifier with scikit-learn's interface, as the output of a net."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from bakeoff.errors import BakeoffError


def class_scores(model: Any, features: np.ndarray, classes: int) -> Tensor:
    """Logits (N, `classes`) of a fitted classifier: the logarithms of its probabilities, where it has
    `predict_proba`; else 0 for the class that it predicts and minus infinity for the others.

    A column is the class of that number, or of the number in the classifier's `classes_`; a class that it
    has not seen has the probability 0. Raises BakeoffError where there is not one answer for each of the N
    examples.
    """
    known = getattr(model, "classes_", None)
    scores = torch.full((len(features), classes), -torch.inf)
    if not hasattr(model, "predict_proba"):
        labels = _labels(model.predict(features), len(features))
        return scores.scatter_(1, labels.reshape(-1, 1), 0.0)
    found = np.asarray(model.predict_proba(features))
    expected = (len(features), classes if known is None else len(known))
    if found.shape != expected:
        raise BakeoffError(
            f"predict_proba gave an array of shape {found.shape}: expected {expected}, a probability of "
            "each class for each example"
        )
    logarithms = torch.as_tensor(found).float().log()
    if known is None:
        return logarithms
    scores[:, torch.as_tensor(np.asarray(known), dtype=torch.int64)] = logarithms
    return scores


def _labels(predicted: Any, count: int) -> Tensor:
    labels = np.asarray(predicted)
    if labels.shape not in ((count,), (count, 1)):
        raise BakeoffError(
            f"predict gave an array of shape {labels.shape}: expected ({count},), a class for each example"
        )
    if labels.dtype.kind == "f" and not (labels == np.floor(labels)).all():
        raise BakeoffError(
            "predict gave numbers that are not whole: expected the number of a class"
        )
    return torch.as_tensor(labels, dtype=torch.int64)
