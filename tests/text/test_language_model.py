"""A language model and its tokenizer: from prompts to texts."""

import pytest
import torch
from tests.devices.elsewhere import ELSEWHERE, Elsewhere

from bakeoff.errors import BakeoffError
from bakeoff.nets.causal_transformer import CausalTransformer
from bakeoff.nets.recurrent_language_model import RecurrentLanguageModel
from bakeoff.text.decoding import Beams, Limits, Sampling
from bakeoff.text.language_model import LONGEST, LanguageModel
from bakeoff.text.tokenizer import word_tokenizer

WORDS = ["the", "cat", "sat", "on", "a", "mat", ".", "'", "s", "i"]
V = len(WORDS) + 1
LIMITS = Limits(minimum=5, maximum=5, forbidden=(0,))


def language_model(kind):
    torch.manual_seed(3)
    if kind == "transformer":
        net = CausalTransformer((4,), (4, V), V, width=8, heads=2, layers=2, dropout=0.0)
    else:
        net = RecurrentLanguageModel(
            (4,), (4, V), V, kind, 6, 1, 8, 0.0, tied=False, embedding=None, frozen=False
        )
    return LanguageModel(net.eval(), word_tokenizer(WORDS))


KINDS = pytest.mark.parametrize("kind", ["lstm", "gru", "transformer"])


@KINDS
def test_prompts_of_any_length_together_give_what_each_gives_alone(kind):
    model = language_model(kind)
    prompts = [model.encode(text) for text in ("the cat sat on a mat .", "a", "the mat", "i", "on")]
    beams = Beams(count=3, length_exponent=1.0)
    together = model.beams(prompts, LIMITS, beams)
    for prompt, texts in zip(prompts, together, strict=True):
        [alone] = model.beams([prompt], LIMITS, beams)
        assert [text.words for text in texts] == [text.words for text in alone]


@KINDS
def test_the_score_is_the_models_own(kind):
    model = language_model(kind)
    prompt = model.encode("the cat")
    [[best, *_]] = model.beams([prompt], LIMITS, Beams(count=4, length_exponent=1.0))
    model.net.requires_grad_(False)
    log_probs, state = model.net.start(torch.tensor([prompt]))
    total = 0.0
    for word in best.words:
        total += float(log_probs[0, word])
        log_probs, state = model.net.step(torch.tensor([word]), state)
    assert best.log_prob == pytest.approx(total, abs=1e-5)
    assert 0 not in best.words and len(best.words) == 5


def test_samples_follow_the_seed_and_the_number_of_the_prompt():
    model = language_model("lstm")
    prompts = [model.encode("the cat"), model.encode("a"), model.encode("the mat")]

    def texts(seed, chosen=prompts):
        found = model.sample(chosen, LIMITS, Sampling(temperature=2.0), seed, samples=2)
        return [[text.words for text in part] for part in found]

    assert texts(1) == texts(1)
    assert texts(1) != texts(2)
    assert texts(1, prompts[:1]) == texts(1)[:1]


def test_unknown_words_are_shown_and_texts_read_as_text():
    model = language_model("lstm")
    assert model.text(model.encode("The CAT; the dog's mat.")) == "The cat the <unk>'s mat."


@pytest.mark.parametrize(
    ("prompt", "message"),
    [
        ("  ", "the prompt is empty"),
        ("dog horse", "no word of the prompt 'dog horse' is in the vocabulary of 11 words"),
        (
            "the " + "x" * 100_001,
            "'the xxxxxxxxxxxxxxxx' .* 100,001 characters without white space",
        ),
        ("the " * (LONGEST + 1), "the prompt has 100,001 words: expected 100,000 at most"),
    ],
)
def test_prompts_that_cannot_be(prompt, message):
    with pytest.raises(BakeoffError, match=message):
        language_model("lstm").encode(prompt)


@KINDS
def test_prompts_go_to_the_device_of_the_net(kind):
    """On a made-up device, each call that mixes it with the CPU raises (`tests.devices.elsewhere`)."""
    model = language_model(kind)
    prompts = [model.encode(text) for text in ("the cat sat", "a", "the mat .")]
    beams, sampling = Beams(count=3, length_exponent=1.0), Sampling(top_k=4, top_p=0.9)

    def texts():
        found = model.beams(prompts, Limits(**vars(LIMITS) | {"ngram": 2, "ends": (7,)}), beams)
        return found, model.sample(prompts, LIMITS, sampling, seed=3, samples=2)

    expected = texts()
    with Elsewhere():
        model.net.to(ELSEWHERE)
        assert texts() == expected
