"""Filters by hand, frequencies of samples, seeds."""

import itertools
import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare
from torch import tensor

from bakeoff.errors import BakeoffError
from bakeoff.text.decoding import Limits, Sampling
from bakeoff.text.sampling import draw, filtered, greedy, sample, temper, top_k, top_p

P = tensor([0.1, 0.4, 0.2, 0.3])
PROMPTS = [[1], [2, 0, 3, 1], [0, 0, 2]]


def kept(log_probs):
    return log_probs.isfinite().nonzero().flatten().tolist()


def test_temperature_by_hand():
    # .5: squares .01 .16 .04 .09, sum .3.
    got = temper(P.log(), 0.5).exp()
    assert got.tolist() == pytest.approx([1 / 30, 16 / 30, 4 / 30, 9 / 30], abs=1e-6)
    assert temper(P.log(), 1.0).exp().tolist() == pytest.approx(P.tolist(), abs=1e-6)


def test_top_k_by_hand():
    assert kept(top_k(P.log(), 1)) == [1]
    assert kept(top_k(P.log(), 3)) == [1, 2, 3]
    assert kept(top_k(P.log(), 9)) == [0, 1, 2, 3]
    assert torch.equal(top_k(P.log(), 2)[[1, 3]], P.log()[[1, 3]])


@pytest.mark.parametrize(
    # In order .4 .3 .2 .1, added up .4 .7 .9 1.
    ("p", "words"),
    [
        (0.01, [1]),
        (0.39, [1]),
        (0.41, [1, 3]),
        (0.69, [1, 3]),
        (0.71, [1, 2, 3]),
        (1, [0, 1, 2, 3]),
    ],
)
def test_top_p_by_hand(p, words):
    assert kept(top_p(P.log(), p)) == words
    rows = top_p(torch.stack([P.log(), P.flip(0).log()]), p)
    assert kept(rows[0]) == words
    assert kept(rows[1]) == sorted(3 - word for word in words)


@given(st.lists(st.floats(-5, 0), min_size=1, max_size=8), st.floats(0.01, 0.99))
def test_the_nucleus_is_the_smallest_set_that_reaches_p(logs, p):
    log_probs = tensor(logs, dtype=torch.float64).log_softmax(0)
    words = kept(top_p(log_probs, p))
    probs = log_probs.exp()
    assert probs[words].sum() >= p - 1e-9
    assert probs[words].sum() - probs[words].min() < p + 1e-9
    others = [word for word in range(len(logs)) if word not in words]
    assert not others or probs[others].max() <= probs[words].min()


def test_filters_come_one_after_the_other():
    # The two best of .4 .3 are .57 .43 of what is left: .5 is reached by the first alone.
    assert kept(filtered(P.log(), Sampling(top_k=2, top_p=0.5))) == [1]
    assert kept(filtered(P.log(), Sampling(top_p=0.5))) == [1, 3]
    # At temperature .5 the best has 16/30 instead of .4.
    assert kept(filtered(P.log(), Sampling(temperature=0.5, top_p=0.5))) == [1]
    assert torch.equal(filtered(P.log(), Sampling()), P.log())


def test_words_are_drawn_where_the_cumulated_probability_passes():
    log_probs = torch.stack([tensor([0.0, 0.25, 0.0, 0.75, 0.0]).log()] * 5)
    uniform = tensor([0.0, 0.249, 0.251, 0.9, 1 - 2**-53], dtype=torch.float64)
    assert draw(log_probs, uniform).tolist() == [1, 1, 3, 3, 3]
    # Twice the probabilities are the same distribution.
    assert draw(log_probs + math.log(2), uniform).tolist() == [1, 1, 3, 3, 3]


def sampled(language, prompts, seeds, samples=1, how=None, **limits):
    return sample(
        language.step,
        *language.read_all(prompts),
        limits=Limits(**{"minimum": 0, "maximum": 8} | limits),
        sampling=how or Sampling(),
        seeds=seeds,
        samples=samples,
        prompts=prompts,
    )


@pytest.mark.parametrize("how", [Sampling(), Sampling(temperature=0.7, top_k=3, top_p=0.95)])
def test_frequencies_follow_the_distribution(tiny_language, how):
    language = tiny_language(4, 3, hardness=0.7)
    n = 20_000
    start = filtered(language.read([1])[0], how).double().softmax(-1)[0]
    texts = [text.words for text in sampled(language, [[1]], [0], n, how, maximum=2)[0]]
    expected = {
        (a, b): n
        * float(start[a] * filtered(language.read([1, a])[0], how).double().softmax(-1)[0, b])
        for a in range(4)
        for b in range(4)
    }
    possible = [words for words, count in expected.items() if count > 0]
    counts = [texts.count(words) for words in possible]
    assert sum(counts) == n
    assert chisquare(counts, [expected[words] for words in possible]).pvalue > 0.001


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), ngram=st.integers(0, 2))
def test_the_same_seed_gives_the_same_text_whatever_stands_beside_it(tiny_language, seed, ngram):
    language = tiny_language(12, seed)
    how = Sampling(temperature=0.9, top_p=0.9)
    seeds = [seed, seed + 1, seed + 2]
    together = sampled(language, PROMPTS, seeds, 3, how, ends=(4,), ngram=ngram)
    for prompt, own, ranked in zip(PROMPTS, seeds, together, strict=True):
        alone = sampled(language, [prompt], [own], 1, how, ends=(4,), ngram=ngram)[0]
        assert alone[0].words == ranked[0].words
        for text in ranked:
            own_log_prob = language.log_prob(prompt, text.words)
            assert text.log_prob == pytest.approx(own_log_prob, rel=0, abs=1e-5)
            assert text.score == text.log_prob


def test_seeds_differ_and_so_do_samples(tiny_language):
    language = tiny_language(12, 0, hardness=0.5)
    found = sampled(language, [[1]] * 3, [0, 1, 2], 3)
    assert len({text.words for texts in found for text in texts}) == 9


def test_samples_keep_to_the_limits(tiny_language):
    language = tiny_language(12, 5, hardness=0.3)
    limits = {"maximum": 9, "minimum": 3, "ends": (0, 1), "forbidden": (5,), "ngram": 2}
    for prompt, texts in zip(
        PROMPTS, sampled(language, PROMPTS, [1, 2, 3], 50, **limits), strict=True
    ):
        for text in texts:
            assert 3 <= len(text.words) <= 9
            assert 5 not in text.words
            pairs = list(itertools.pairwise([*prompt, *text.words]))
            assert len(set(pairs)) == len(pairs)
            assert not {0, 1} & set(text.words[:-1])
            assert len(text.words) == 9 or text.words[-1] in (0, 1)
    assert any(len(text.words) < 9 for text in texts)


def test_almost_no_temperature_is_greedy(tiny_language):
    language = tiny_language(12, 7)
    limits = Limits(minimum=0, maximum=8)
    cold = sampled(language, PROMPTS, [1, 2, 3], how=Sampling(temperature=1e-4))
    best = greedy(language.step, *language.read_all(PROMPTS), limits=limits)
    assert [t[0].words for t in cold] == [t[0].words for t in best]


@pytest.mark.parametrize("how", [Sampling(), Sampling(temperature=0.5, top_k=2, top_p=0.5)])
def test_a_dead_end_is_an_error(tiny_language, how):
    with pytest.raises(BakeoffError, match="prompt 1 of 1 cannot be continued for 8 words"):
        sampled(tiny_language(4, 0), [[1]], [0], how=how, ngram=1)
