"""Tokens joined, against text as people write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.text.prose import prose

CASES = {
    "marks": ("stop , he said . why ? go !", "Stop, he said. Why? Go!"),
    "parentheses": ("he ( an old man ) slept .", "He (an old man) slept."),
    "a sentence in parentheses": ("so . ( it was . ) then", "So. (It was.) Then"),
    "no sentence after a comma": ("etc . , and more", "Etc., and more"),
    "dots": ("well . . . no", "Well... No"),
    "a dash begins no sentence": ("so . -- then", "So. -- Then"),
    "i": ("then i saw that i ' m he and i ' ll go", "Then I saw that I'm he and I'll go"),
    "contractions": ("don ' t , we ' re , they ' ve , he ' d", "Don't, we're, they've, he'd"),
    "possessive": ("john ' s house", "John's house"),
    "possessive of a plural": ("the boys ' hats . the boys '", "The boys' hats. The boys'"),
    "dropped g": ("goin ' home", "Goin' home"),
    "o'": ("two o ' clock , will o ' the wisp", "Two o'clock, will o'the wisp"),
    "inside": ("yes ma ' am", "Yes ma'am"),
    "clipped": ("' tis late . ' twas hard to see ' em .", "'Tis late. 'Twas hard to see 'em."),
    "quotation": ("he said , ' come in , john . ' so", "He said, 'come in, john.' So"),
    "quotation of a word": ("a so-called ' friend ' of mine", "A so-called 'friend' of mine"),
    "quotation with more": (
        "' i don ' t know the boys ' names , ' he said .",
        "'I don't know the boys' names,' he said.",
    ),
    "quotation in parentheses": ("so ( ' no ' ) it is", "So ('no') it is"),
    "titles": ("the dog of mr . holmes", "The dog of Mr. Holmes"),
    "unknown": ("<unk> dreams . <unk> ' s <unk> .", "<unk> dreams. <unk>'s <unk>."),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("tokens", "text"), CASES.values(), ids=CASES)
def test_text_as_people_write_it(tokens, text):
    assert prose(tokens.split()) == text


ANY = ["a", "boys", "i", "o", "s", "t", "tis", "<unk>", "--", *"'.,()!?"]


@given(st.lists(st.sampled_from(ANY)))
def test_only_spaces_and_capitals_change(tokens):
    text = prose(tokens)
    assert text.replace(" ", "").lower() == "".join(tokens)
    assert "  " not in text
    assert text == text.strip()
    assert not any(" " + mark in text for mark in ".,!?)")
    assert "( " not in text
