"""The answers of a classifier with scikit-learn's interface, as the output of a net."""

from typing import Any

import numpy as np
import torch
from torch import Tensor


def class_scores(model: Any, features: np.ndarray, classes: int) -> Tensor:
    """Logits (N, `classes`) of a fitted classifier: the logarithms of its probabilities, where it has
    `predict_proba`; else 0 for the class that it predicts and minus infinity for the others.

    A column is the class of that number, or of the number in the classifier's `classes_`; a class that it
    has not seen has the probability 0.
    """
    known = getattr(model, "classes_", None)
    scores = torch.full((len(features), classes), -torch.inf)
    if not hasattr(model, "predict_proba"):
        labels = torch.as_tensor(np.asarray(model.predict(features)), dtype=torch.int64)
        return scores.scatter_(1, labels.reshape(-1, 1), 0.0)
    logarithms = torch.as_tensor(np.asarray(model.predict_proba(features))).float().log()
    if known is None:
        return logarithms
    scores[:, torch.as_tensor(np.asarray(known), dtype=torch.int64)] = logarithms
    return scores
