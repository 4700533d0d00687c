"""Typographic marks against the ones that a keyboard types."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from bakeoff.text.tokenizer import Encoder, pieces, split_pieces, tokens, vocabulary, word_tokenizer
from bakeoff.text.typography import straightened

TYPED = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("‘’‚‛‹›", "'"),
        **dict.fromkeys("‐‑", "-"),
        "…": "...",
        "\xad": "",
    }
)
quick = settings(max_examples=200, deadline=None, derandomize=True)
texts = st.lists(
    st.sampled_from(
        [*"“”„‟«»‘’‚‛‹›‐‑‒–—―…-ab.;\"' \n\t\x1c", "\xad", "The", "--", " - ", "<br />", "\x85"]
    )
).map("".join)


def straight(text: str) -> list[str]:
    found = split_pieces(straightened(word_tokenizer(())), pieces(text))
    return [token for some in found for token in some]


def plain(text: str) -> list[str]:
    """The table of the module by the standard library, then the dashes between spaces."""
    text = re.sub('[";:]|<br />', lambda mark: "" if mark[0] == '"' else " ", text.translate(TYPED))
    text = re.sub("[-‒–—―]+", lambda run: run[0] if run[0] == "-" else " ", text)
    text = " ".join(word for word in text.split() if word != "-")
    return tokens(text)


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("“What?” he said", '"What?" he said'),
        ("„was“ «quoi»", '"was" "quoi"'),
        ("I don’t ‘know’", "I don't 'know'"),
        ("wait…", "wait..."),
        ("hand‑made re\xadmember", "hand-made remember"),
        ("what—he", "what he"),
        ("what – he", "what he"),
        ("1914–18", "1914 18"),
        ("“—”", ""),
    ],
)
def test_printed_marks_are_read_as_typed_ones(printed, typed):
    assert straight(printed) == tokens(typed)


@pytest.mark.parametrize(
    "typed", ["what--he", "what -- he", "what - he", "what---he", 'what "-" he']
)
def test_a_typed_dash_ends_a_word_too(typed):
    assert straight(typed) == ["what", "he"]


def test_a_hyphen_stays_in_its_word():
    assert straight("a well-known man, -5 x-") == ["a", "well-known", "man", ",", "-5", "x-"]


def test_without_it_the_rules_are_those_of_basic_english():
    assert tokens("“what”—don’t") == ["“what”—don’t"]


@quick
@given(texts)
@example("a—-b")
@example("a-—b;-:—")
@example('"-"')
def test_tokens_are_those_of_the_table(text):
    assert straight(text) == plain(text)


@quick
@given(texts)
@example("a\x1c- b")
@example("a\x85-\x85b")
def test_the_saved_tokenizer_gives_the_same_ids(tmp_path_factory, text):
    tokenizer = straightened(word_tokenizer(["a", "b", "ab", "'", ".", "the"]))
    path = str(tmp_path_factory.getbasetemp() / "straight.json")
    tokenizer.save(path)
    words = vocabulary(tokenizer)
    ids = [words.index(token) if token in words else 0 for token in plain(text)]
    assert Tokenizer.from_file(path).encode(text).ids == Encoder(tokenizer)(text).tolist() == ids
