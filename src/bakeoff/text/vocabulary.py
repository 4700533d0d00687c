"""Which words of a training text get an id of their own."""

import re
from collections import Counter
from collections.abc import Sequence

from tokenizers import Tokenizer

from bakeoff.errors import BakeoffError
from bakeoff.text.tokenizer import UNKNOWN, pieces, split_pieces

# Words with a digit or a capital: numbers, names and first words of sentences. A search that could begin
# inside a word would take quadratic time in its length.
NO_WORD = re.compile(r"\b\w*[0-9A-Z]\w*")


class WordCounts:
    """Counts the tokens that `tokenizer` makes: `all`, and `plain`, without words that hold digits or
    capitals.
    """

    MOST = 1_000_000  # pieces remembered before they are cut into tokens

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.all: Counter[str] = Counter()
        self.plain: Counter[str] = Counter()
        self._pieces: Counter[str] = Counter()

    def add(self, text: str) -> None:
        """Count the tokens of `text`, whose first and last words are whole."""
        self._pieces.update(pieces(text))
        if len(self._pieces) > self.MOST:
            self.settle()

    def settle(self) -> None:
        """Count the remembered pieces. Call it after the last text."""
        tokenizer, clean = self.tokenizer, []
        for piece, tokens in zip(
            self._pieces, split_pieces(tokenizer, list(self._pieces)), strict=True
        ):
            count = self._pieces[piece]
            for token in tokens:
                self.all[token] += count
            if NO_WORD.search(piece):
                clean += [(part, count) for part in NO_WORD.sub(" ", piece).split()]
            else:
                for token in tokens:
                    self.plain[token] += count
        for tokens, (_, count) in zip(
            split_pieces(tokenizer, [part for part, _ in clean]), clean, strict=True
        ):
            for token in tokens:
                self.plain[token] += count
        self._pieces.clear()


def choose_words(counts: WordCounts, min_count: int, keep: Sequence[str]) -> list[str]:
    """The words of the vocabulary: first the plain words that occur `min_count` times or more, the most
    frequent first, then the other words of `keep`.

    Raises BakeoffError where no word occurs `min_count` times.
    """
    often = [word for word, count in counts.plain.items() if count >= min_count]
    often = sorted((w for w in often if w != UNKNOWN), key=lambda w: (-counts.plain[w], w))
    if not often:
        most = ", ".join(f"{word} ({count})" for word, count in counts.plain.most_common(3))
        raise BakeoffError(
            f"data.corpus.min_count is {min_count}: no word occurs as often in the training text; "
            f"the most frequent: {most or 'there is none at all'}. Lower it, or add text"
        )
    return [*often, *(word for word in dict.fromkeys(keep) if word not in set(often))]
