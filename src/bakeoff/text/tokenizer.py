"""Text -> words, by the rules of "basic English", and words -> ids, in a saved `tokenizers` file.

Lower case; `'` and each of `. , ( ) ! ?` is a token of its own; `"` is removed; `;`, `:` and `<br />` are
spaces; split at white space (the tokenizer `basic_english` of torchtext).

White space is that of `str.split`. Letters become lower case one by one, as `tokenizers` does it: a capital
sigma becomes `σ` also at the end of a word, where `str.lower` writes `ς`.
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
    """A tokenizer for the vocabulary `words`, without `<unk>`: it gives them the ids from 1 on."""
    ids = {word: number for number, word in enumerate([UNKNOWN, *words])}
    tokenizer = Tokenizer(models.WordLevel(ids, unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Lowercase(),
            normalizers.Replace("<br />", " "),
            normalizers.Replace('"', ""),
            # To Python the last four are white space, to the tokenizer they are not.
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
    """`text` cut at white space. No rule reaches over it, so that a piece is tokenized by itself; and
    a text has few different pieces, so that each needs it only once.
    """
    return LINE_BREAK.sub(" ", text).split()


def split_pieces(tokenizer: Tokenizer, found: Sequence[str]) -> Iterator[list[str]]:
    """The tokens of each piece, whether in the vocabulary or not."""
    normalize, split = tokenizer.normalizer.normalize_str, tokenizer.pre_tokenizer.pre_tokenize_str
    for piece in found:
        yield [token for token, _ in split(normalize(piece))]


def tokens(text: str) -> list[str]:
    """The tokens of a short text."""
    return list(chain.from_iterable(split_pieces(word_tokenizer(()), pieces(text))))


class Encoder:
    """Texts -> ids. Remembers the ids of the pieces it has seen, up to `MOST` of them."""

    MOST = 1_000_000

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
