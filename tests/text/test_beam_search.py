"""Beam search against exhaustive search, against greedy decoding and by hand."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import tensor

from bakeoff.errors import BakeoffError
from bakeoff.text.beam_search import beam_search, best_continued
from bakeoff.text.decoding import Beams, Limits
from bakeoff.text.sampling import greedy

quick = settings(max_examples=25, deadline=None)
seeds = st.integers(0, 10_000)
PROMPTS = [[1], [2, 0, 3, 1], [0, 0, 2]]


def search(language, prompts, beams, exponent=0.0, look_back=False, **limits):
    return beam_search(
        language.step,
        *language.read_all(prompts),
        limits=Limits(**{"minimum": 0} | limits),
        beams=Beams(count=beams, length_exponent=exponent),
        prompts=prompts if look_back else None,
    )


def texts(found):
    return [[text.words for text in ranked] for ranked in found]


@quick
@given(seed=seeds, vocabulary=st.integers(2, 6))
def test_as_many_beams_as_words_find_the_best_two_words(tiny_language, seed, vocabulary):
    language = tiny_language(vocabulary, seed)
    best = search(language, [[0]], vocabulary, maximum=2)[0][0]
    every = {words: language.log_prob([0], words) for words in language.texts(2, ())}
    assert best.log_prob == pytest.approx(max(every.values()), abs=1e-5)
    assert every[best.words] == pytest.approx(best.log_prob, abs=1e-5)


@quick
@given(
    seed=seeds,
    maximum=st.integers(1, 4),
    exponent=st.sampled_from([0.0, 0.7, 1.0]),
    ends=st.sampled_from([(), (2,)]),
)
def test_enough_beams_rank_all_texts_as_exhaustive_search_does(
    tiny_language, seed, maximum, exponent, ends
):
    language = tiny_language(3, seed)
    beams = 3 ** (maximum - 1)  # above the vocabulary: nothing is dropped before the last word
    found = search(language, [[0]], beams, exponent, maximum=maximum, ends=ends)[0]
    every = sorted(
        (
            language.log_prob([0], words) / len(words) ** exponent
            for words in language.texts(maximum, ends)
        ),
        reverse=True,
    )
    assert [text.score for text in found] == pytest.approx(every[:beams], abs=1e-5)
    assert len({text.words for text in found}) == len(found)


@quick
@given(seed=seeds, ngram=st.integers(0, 3), ends=st.sampled_from([(), (3,)]))
def test_one_beam_is_greedy(tiny_language, seed, ngram, ends):
    language = tiny_language(7, seed)
    limits = {"maximum": 6, "ngram": ngram, "ends": ends, "forbidden": (0,)}
    by_hand = []
    for prompt in PROMPTS:
        words = []
        while len(words) < 6 and not (words and words[-1] in ends):
            log_probs = language.read([*prompt, *words])[0][0]
            grams = [words[i : i + ngram] for i in range(len(words) - ngram + 1)]
            newest = words[len(words) - ngram + 1 :]
            for word in range(7):
                if word == 0 or (ngram and [*newest, word] in grams):
                    log_probs[word] = -math.inf
            words.append(int(log_probs.argmax()))
        by_hand.append([tuple(words)])
    assert texts(search(language, PROMPTS, 1, **limits)) == by_hand
    start = language.read_all(PROMPTS)
    assert texts(greedy(language.step, *start, limits=Limits(minimum=0, **limits))) == by_hand


@quick
@given(seed=seeds, exponent=st.sampled_from([0.0, 0.6]))
def test_scores_are_the_models_own_log_probabilities(tiny_language, seed, exponent):
    language = tiny_language(6, seed)
    found = search(language, PROMPTS, 4, exponent, True, maximum=30, ngram=3, ends=(5,), minimum=9)
    for prompt, ranked in zip(PROMPTS, found, strict=True):
        assert [text.score for text in ranked] == sorted((t.score for t in ranked), reverse=True)
        for text in ranked:
            own = language.log_prob(prompt, text.words)
            assert text.log_prob == pytest.approx(own, rel=0, abs=1e-5)
            expected = own / len(text.words) ** exponent
            assert text.score == pytest.approx(expected, rel=0, abs=1e-5)


@quick
@given(seed=seeds, ngram=st.integers(0, 2), exponent=st.sampled_from([0.0, 1.0]))
def test_prompts_together_get_what_each_gets_alone(tiny_language, seed, ngram, exponent):
    language = tiny_language(8, seed)
    how = {"maximum": 6, "ngram": ngram, "ends": (4,), "look_back": True}
    together = search(language, PROMPTS, 3, exponent, **how)
    alone = [search(language, [prompt], 3, exponent, **how)[0] for prompt in PROMPTS]
    assert texts(together) == texts(alone)
    for a, b in zip(together, alone, strict=True):
        assert [t.score for t in a] == pytest.approx([t.score for t in b], abs=1e-5)


def test_one_call_for_each_word_after_the_first_whatever_the_number_of_beams(tiny_language):
    language = tiny_language(6, 0)
    start = language.read_all(PROMPTS)
    language.calls.clear()
    limits = Limits(minimum=0, maximum=5)
    beam_search(language.step, *start, limits=limits, beams=Beams(count=4, length_exponent=0))
    assert language.calls == [3 * 4] * 4


# Words a, b and a full stop. After a: a .1, b .2, stop .7; after b: a .6, b .3, stop .1;
# at the start: a .5, b .4, stop .1.
A, B, STOP = range(3)
TABLE = tensor([[0.1, 0.2, 0.7], [0.6, 0.3, 0.1], [0.5, 0.4, 0.1]]).log()


def by_table(beams, exponent=0.0, prompts=None, **limits):
    return beam_search(
        lambda ids, state: (TABLE[ids], state),
        TABLE[[STOP]],
        None,
        limits=Limits(**{"minimum": 0} | limits),
        beams=Beams(count=beams, length_exponent=exponent),
        prompts=prompts,
    )[0]


def test_probabilities_by_hand():
    # a .5, b .4; then a-stop .35, b-a .24 (before b-b .12, a-b .1).
    (first, second) = by_table(2, maximum=2)
    assert (first.words, second.words) == ((A, STOP), (B, A))
    assert first.log_prob == pytest.approx(math.log(0.35), abs=1e-6)
    assert second.log_prob == pytest.approx(math.log(0.24), abs=1e-6)


def test_a_finished_text_keeps_its_place_and_its_score():
    # a-stop .35 ends; b-a .24 goes on to b-a-stop .168.
    (first, second) = by_table(2, maximum=4, ends=(STOP,))
    assert (first.words, second.words) == ((A, STOP), (B, A, STOP))
    assert first.log_prob == pytest.approx(math.log(0.35), abs=1e-6)
    assert second.log_prob == pytest.approx(math.log(0.4 * 0.6 * 0.7), abs=1e-6)
    assert first.score == first.log_prob


def test_length_normalization_turns_the_ranking():
    # By the mean per word: log(.35) / 2 = -.525 against log(.168) / 3 = -.595; squared lengths:
    # -.262 against -.198.
    (first, second) = by_table(2, exponent=1, maximum=3, ends=(STOP,))
    assert (first.words, second.words) == ((A, STOP), (B, A, STOP))
    assert first.score == pytest.approx(math.log(0.35) / 2, abs=1e-6)
    (first, second) = by_table(2, exponent=2, maximum=3, ends=(STOP,))
    assert (first.words, second.words) == ((B, A, STOP), (A, STOP))
    assert first.score == pytest.approx(math.log(0.168) / 9, abs=1e-6)


def test_minimum_and_forbidden_words():
    assert by_table(1, maximum=3, minimum=3, ends=(STOP,))[0].words == (A, B, A)
    assert by_table(9, maximum=2, forbidden=(A,))[0].words == (B, B)  # .4 * .3 against stop-b .04
    for text in by_table(9, maximum=3, minimum=2, ends=(STOP,), forbidden=(B,)):
        assert B not in text.words
        assert len(text.words) >= 2


def test_no_n_gram_comes_twice():
    # Greedy: a stop, then a again; "stop a" and "a stop" may come only once: a stop a b a a b b ...
    assert by_table(1, maximum=6)[0].words == (A, STOP, A, STOP, A, STOP)
    assert by_table(1, maximum=6, ngram=2)[0].words == (A, STOP, A, B, A, A)
    # The prompt counts where it is given: after "a stop", a can be followed by b (.2) but not stop.
    assert by_table(1, maximum=2, ngram=2, prompts=[[A, STOP]])[0].words == (A, B)


def test_fewer_texts_than_beams():
    assert len(by_table(5, maximum=1)) == 3
    assert len(by_table(5, maximum=1, forbidden=(A,))) == 2


def test_a_dead_end_is_an_error_that_names_the_prompt():
    with pytest.raises(BakeoffError, match="prompt 1 of 1 cannot be continued for 4 words"):
        by_table(2, maximum=4, ngram=1)
    # With more beams than fit, those that can go on do.
    assert len(by_table(9, maximum=3, ngram=1)) == 6


def test_a_net_that_diverged_is_an_error():
    with pytest.raises(BakeoffError, match="NaN"):
        beam_search(
            lambda ids, state: (TABLE[ids], state),
            torch.full((1, 3), torch.nan),
            None,
            limits=Limits(minimum=0, maximum=2),
            beams=Beams(count=2, length_exponent=0),
        )


def test_everything_forbidden_is_an_error():
    with pytest.raises(BakeoffError, match="all 3 words of the vocabulary are forbidden"):
        by_table(2, maximum=2, forbidden=(A, B, STOP))


@pytest.mark.parametrize(
    ("exponent", "parents", "ids", "totals", "lengths"),
    [
        # -1 + log .5 = -1.69 and -1 + log .3 = -2.20 stand against the -2 of the one that is done.
        (0.0, [0, 1], [2, -1], [-1 + math.log(0.5), -2], [2, 1]),
        # Per word, -1.69 / 2 and -2.20 / 2 are both better than -2 / 1.
        (1.0, [0, 0], [2, 0], [-1 + math.log(0.5), -1 + math.log(0.3)], [2, 2]),
    ],
)
def test_the_best_ways_to_go_on_by_hand(exponent, parents, ids, totals, lengths):
    best = best_continued(
        tensor([[0.3, 0.2, 0.5], [0.1, 0.8, 0.1]]).log(),
        totals=tensor([[-1.0, -2.0]], dtype=torch.float64),
        lengths=tensor([[1.0, 1.0]], dtype=torch.float64),
        done=tensor([[False, True]]),
        length_exponent=exponent,
    )
    assert best.parents.tolist() == [parents]
    assert best.ids.tolist() == [ids]
    assert best.totals.tolist() == [pytest.approx(totals)]
    assert best.lengths.tolist() == [lengths]
    scores = [total / length**exponent for total, length in zip(totals, lengths, strict=True)]
    assert best.scores.tolist() == [pytest.approx(scores)]
