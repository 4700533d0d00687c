"""Text -> words, by the rules of "basic English", and words -> ids, in a saved `tokenizers` file.

The rules are those of torchtext's `basic_english`: lower case; `'` and each of `. , ( ) ! ?` is a token of
its own; `"` is removed; `;`, `:` and `<br />` become spaces; split at white space.

White space is what `str.split` splits at. `tokenizers` lowers each letter by itself: a capital sigma
becomes `σ` at the end of a word too, where `str.lower` writes `ς`. `typography` adds rules for the marks
that no keyboard has.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

UNKNOWN = "<unk>"  # stands for every word outside the vocabulary; its id is 0
MARKS = tuple("'.,()!?")
LINE_BREAK = re.compile("<br />", re.IGNORECASE)


def word_tokenizer(words: Sequence[str]) -> Tokenizer:
    """A tokenizer that gives `words`, which hold no `<unk>`, the ids from 1 on; `<unk>` has 0."""
    ids = {word: number for number, word in enumerate([UNKNOWN, *words])}
    tokenizer = Tokenizer(models.WordLevel(ids, unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Lowercase(),
            normalizers.Replace("<br />", " "),
            normalizers.Replace('"', ""),
            # The last four are white space to Python, but not to the tokenizer.
            normalizers.Replace(Regex("[;:\\x1c-\\x1f]"), " "),
        ]
    )
    mark = Regex(f"[{re.escape(''.join(MARKS))}]")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split(mark, "isolated")]
    )
    return tokenizer


def vocabulary(tokenizer: Tokenizer) -> list[str]:
    """All words by id, `<unk>` first."""
    ids = tokenizer.get_vocab()
    return sorted(ids, key=ids.__getitem__)


def pieces(text: str) -> list[str]:
    """`text`, split at white space. No rule joins two pieces, so each piece is tokenized by itself; a text
    has few different pieces, so each of them is tokenized once.
    """
    return LINE_BREAK.sub(" ", text).split()


def split_pieces(tokenizer: Tokenizer, found: Sequence[str]) -> Iterator[list[str]]:
    """The tokens of each piece, in the vocabulary or not."""
    normalize, split = tokenizer.normalizer.normalize_str, tokenizer.pre_tokenizer.pre_tokenize_str
    for piece in found:
        yield [token for token, _ in split(normalize(piece))]


def tokens(text: str) -> list[str]:
    """The tokens of a short text."""
    return list(chain.from_iterable(split_pieces(word_tokenizer(()), pieces(text))))


class Encoder:
    """Texts -> ids. It remembers the ids of each piece."""

    MOST = 1_000_000  # pieces remembered before all are forgotten

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self._ids: dict[str, list[int]] = {}

    def __call__(self, text: str) -> np.ndarray:
        """The ids of all tokens of `text`, (N,) int32."""
        found = pieces(text)
        new = list(dict.fromkeys(piece for piece in found if piece not in self._ids))
        encodings = self.tokenizer.encode_batch_fast(new, add_special_tokens=False)
        self._ids.update(zip(new, (encoding.ids for encoding in encodings), strict=True))
        ids = np.fromiter(chain.from_iterable(map(self._ids.__getitem__, found)), np.int32)
        if len(self._ids) > self.MOST:
            self._ids.clear()
        return ids
