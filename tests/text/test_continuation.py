"""Tensors of a search become texts with scores."""

import math

import pytest
import torch

from bakeoff.errors import BakeoffError
from bakeoff.text.continuation import Continuation, continuations
from bakeoff.text.decoding import Limits

LIMITS = Limits(minimum=1, maximum=3, ngram=2)


def test_fillings_and_impossible_texts_are_left_out():
    words = torch.tensor([[[4, 5, -1], [4, 6, 7]], [[1, 2, 3], [1, 1, 1]]])
    log_probs = torch.tensor([[-1.0, -2.0], [-3.0, -math.inf]])
    first, second = continuations(words, log_probs, log_probs / 2, LIMITS)
    assert first == [Continuation((4, 5), -1.0, -0.5), Continuation((4, 6, 7), -2.0, -1.0)]
    assert second == [Continuation((1, 2, 3), -3.0, -1.5)]


def test_a_prompt_without_any_text_is_named_with_the_limits():
    words, log_probs = torch.ones(2, 1, 3).long(), torch.tensor([[-1.0], [-math.inf]])
    with pytest.raises(
        BakeoffError, match=r"prompt 2 of 2 .* 3 words: .*no-repeat n-gram size 2\)"
    ):
        continuations(words, log_probs, log_probs, LIMITS)


def test_scores_of_a_diverged_net_are_refused():
    nothing = torch.tensor([[math.nan]])
    with pytest.raises(BakeoffError, match="its training diverged: choose another run"):
        continuations(torch.ones(1, 1, 3).long(), nothing, nothing, LIMITS)
