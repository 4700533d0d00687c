"""Tokens against the rules in plain Python, and the saved tokenizer against the fast one."""

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from bakeoff.text.tokenizer import (
    MARKS,
    UNKNOWN,
    Encoder,
    pieces,
    split_pieces,
    tokens,
    vocabulary,
    word_tokenizer,
)

WORDS = ["the", "don", "'", "t", ".", "é", "br", "σ"]
quick = settings(max_examples=150, deadline=None, derandomize=True)

# Codes that Unicode 14 (Python 3.11) knows; a newer table in one of the two libraries would know more.
characters = st.characters(max_codepoint=0x2FFF, exclude_categories=("Cs", "Cn"))
snippets = st.sampled_from(
    [
        "<br />",
        "<BR />",
        "<br",
        "/>",
        "don't",
        '"',
        ";",
        ":",
        "\x1c",
        "\x85",
        "\xa0",
        "THE",
        " ",
        "\n",
    ]
)
texts = st.lists(st.one_of(snippets, characters, st.sampled_from("ab.,()!?'"))).map("".join)


def plain(text: str) -> list[str]:
    """The rules of basic English, one after the other, by the standard library alone."""
    text = "".join(letter.lower() for letter in text)
    text = text.replace("<br />", " ").replace('"', "").replace(";", " ").replace(":", " ")
    for mark in ".,()!?'":
        text = text.replace(mark, f" {mark} ")
    return text.split()


def test_tokens_by_hand():
    assert tokens('He said: "I don\'t know (yet)!"<br />Why; who?') == [
        *("he", "said", "i", "don", "'", "t", "know", "(", "yet", ")", "!", "why", "who", "?"),
    ]
    assert tokens("...") == [".", ".", "."]
    assert tokens('""') == tokens(" \n") == tokens("") == []
    assert tokens("non-stop 3.5 O'Neil") == ["non-stop", "3", ".", "5", "o", "'", "neil"]


@quick
@given(texts)
@example("a\x1cb \x85 c\xa0d\u2028e")  # all white space of Python
@example("ΑΣ ẞ İ")  # in lower case one by one
@example('a"b " "')
@example("x<br />y<BR />z <br/> <br\n/>")
def test_tokens_are_those_of_the_rules(text):
    assert tokens(text) == plain(text)


def test_a_capital_sigma_at_the_end_differs_from_pythons_lower():
    assert tokens("ΟΔΟΣ") == ["οδοσ"] != ["ΟΔΟΣ".lower()]


@quick
@given(texts)
def test_ids_are_the_places_of_the_tokens_in_the_vocabulary(text):
    ids = {word: number for number, word in enumerate([UNKNOWN, *WORDS])}
    assert Encoder(word_tokenizer(WORDS))(text).tolist() == [ids.get(w, 0) for w in plain(text)]


@quick
@given(texts)
@example("a\x1cthe")
def test_the_saved_file_gives_the_same_ids(tmp_path_factory, text):
    path = str(tmp_path_factory.getbasetemp() / "tokenizer.json")
    tokenizer = word_tokenizer(WORDS)
    tokenizer.save(path)
    assert Tokenizer.from_file(path).encode(text).ids == Encoder(tokenizer)(text).tolist()


def test_ids_are_int32_and_the_vocabulary_is_in_their_order():
    tokenizer = word_tokenizer(WORDS)
    assert vocabulary(tokenizer) == [UNKNOWN, *WORDS]
    ids = Encoder(tokenizer)("The the don't nowhere")
    assert (ids.dtype.name, ids.tolist()) == ("int32", [1, 1, 2, 3, 4, 0])
    assert Encoder(tokenizer)("").shape == (0,)


def test_forgetting_pieces_changes_nothing(monkeypatch):
    encode = Encoder(word_tokenizer(WORDS))
    monkeypatch.setattr(Encoder, "MOST", 2)
    text = "the don't é. the br the don't"
    assert (
        encode(text).tolist() == encode(text).tolist() == Encoder(encode.tokenizer)(text).tolist()
    )


def test_pieces_are_tokenized_one_by_one():
    tokenizer = word_tokenizer(())
    assert pieces("It's<br />so.") == ["It's", "so."]
    assert list(split_pieces(tokenizer, ["It's", '"', "so."])) == [
        ["it", "'", "s"],
        [],
        ["so", "."],
    ]


def test_marks_are_tokens_of_their_own():
    assert all(tokens(f"a{mark}b") == ["a", mark, "b"] for mark in MARKS)
