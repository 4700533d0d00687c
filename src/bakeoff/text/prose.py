"""Joins basic-English tokens into running text: restores spaces, apostrophes and capitals.

Tokens are lower-case words and the marks ' . , ( ) ! ?, each a token of its own; quotation marks (") are
lost. The tokens around a ' decide whether it is an apostrophe or a single quotation mark.
"""

from collections.abc import Sequence

CLOSING = frozenset(".,!?)")
MARKS = CLOSING | {"(", "'"}
SENTENCE_ENDS = frozenset(".!?")
TITLES = frozenset({"mr", "mrs", "ms", "dr"})
# After a word and an apostrophe: john's, don't, i'm, he'd, we'll, they're, i've.
SUFFIXES = frozenset({"s", "t", "m", "d", "ll", "re", "ve"})
# Words with an apostrophe inside that no suffix explains. Words that begin with o' (o'clock) need no entry.
INSIDE = frozenset(
    {("ma", "am"), ("ne", "er"), ("e", "er"), ("e", "en"), ("y", "all"), ("d", "ye")}
)
# Words that begin with an apostrophe.
CLIPPED = frozenset({"tis", "twas", "twere", "twill", "twould", "em", "til"})


def prose(tokens: Sequence[str]) -> str:
    """`tokens` as one line of text, with a capital at its start and after . ! ?, and with `i` as I.

    Tokens such as `<unk>` stay as they are. A ' is the first of these that fits: an apostrophe inside a
    word (don't), after a plural (the boys' hats) or a dropped g (goin' home), or before a clipped word
    ('tis); the beginning of a quotation if none is open and a word follows; otherwise the end of one.
    """
    text = ""
    glued = True  # no space before the next token
    starts = True  # the next word begins a sentence
    quoted = False
    for i, token in enumerate(tokens):
        if token == "'":
            before = tokens[i - 1] if i else ""
            after = tokens[i + 1] if i + 1 < len(tokens) else ""
            sticks, joins, quoted = _apostrophe(before, after, quoted)
            text += token if sticks or glued else " " + token
            glued = joins
        elif token in MARKS:
            text += token if glued or token in CLOSING else " " + token
            glued = token == "("
            starts = token in SENTENCE_ENDS or (starts and token != ",")
        else:
            capital = starts or token == "i" or token in TITLES
            word = token[:1].upper() + token[1:] if capital else token
            text += word if glued else " " + word
            glued = False
            starts = starts and not any(map(str.isalnum, token))  # a dash begins no sentence
    return text


def _apostrophe(before: str, after: str, quoted: bool) -> tuple[bool, bool, bool]:
    """Whether ' follows the token before it without a space, whether the token after it does, and whether
    a quotation is open then.
    """
    after_word = before not in MARKS and before != ""
    before_word = after not in MARKS and after != ""
    if after_word and before_word:
        if after in SUFFIXES or before == "o" or (before, after) in INSIDE:
            return True, True, quoted
        if before.endswith("s") or (before.endswith("in") and before != "in"):
            return True, False, quoted
    if after in CLIPPED:
        return False, True, quoted
    if before_word and not quoted:
        return False, True, True
    return True, False, False
