"""Impossible settings are answered with what was given and what to do."""

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.text.decoding import Beams, Limits, Sampling


@pytest.mark.parametrize(
    ("make", "settings", "message"),
    [
        (Beams, {"count": 0, "length_exponent": 0}, "0 beams: expected at least 1"),
        (Beams, {"count": 2, "length_exponent": -1}, "length exponent -1"),
        (Beams, {"count": 2, "length_exponent": float("nan")}, "length exponent nan"),
        (Sampling, {"temperature": 0}, "temperature 0: expected a number above 0"),
        (Sampling, {"temperature": float("inf")}, "temperature inf"),
        (Sampling, {"top_k": 0}, "top-k 0: expected at least 1"),
        (Sampling, {"top_p": 0}, "top-p 0: expected a probability above 0 and at most 1"),
        (Sampling, {"top_p": 1.1}, "top-p 1.1"),
        (Sampling, {"top_p": float("nan")}, "top-p nan"),
        (Limits, {"minimum": 0, "maximum": 0}, "0 words to generate: expected at least 1"),
        (Limits, {"minimum": 5, "maximum": 4}, "at least 5 and at most 4 words"),
        (Limits, {"minimum": -1, "maximum": 4}, "at least -1"),
        (Limits, {"minimum": 1, "maximum": 4, "ngram": -1}, "no-repeat n-gram size -1"),
    ],
)
def test_impossible_settings(make, settings, message):
    with pytest.raises(BakeoffError, match=message):
        make(**settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"forbidden": (0, 3)}, r"\[3\] are not in the vocabulary: its ids are 0 to 2"),
        ({"ends": (-1,)}, r"\[-1\] are not in the vocabulary"),
        ({"forbidden": (0, 1, 2)}, "all 3 words of the vocabulary are forbidden"),
        ({"minimum": 2, "forbidden": (0, 1), "ends": (2,)}, "least 2 words cannot start with"),
    ],
)
def test_limits_that_leave_no_word(settings, message):
    limits = Limits(**{"minimum": 0, "maximum": 4} | settings)
    with pytest.raises(BakeoffError, match=message):
        limits.check(3)


def test_a_text_may_be_an_end_alone():
    assert Limits(minimum=1, maximum=4, forbidden=(0, 1), ends=(2,)).check(3) is None  # no mistake
