"""Interpolated Kneser-Ney smoothing of n-grams (Kneser & Ney, ICASSP 1995; Chen & Goodman, 1998).

For a class w after the k nearest context words h_k, from k = order - 1 down to 0:

    P(w | h_k) = max(c(h_k w) - D_k, 0) / c(h_k) + D_k n(h_k) / c(h_k) P(w | h_{k-1})

c(h w) counts examples for the longest context; for a shorter one it is the number of different words that
stood before h w. n(h) is the number of different classes after h. A context never seen has the
probabilities of the next shorter one. Below k = 0 all classes are equally likely, so that none has the
probability 0. D_k = n_1 / (n_1 + 2 n_2), n_r the number of pairs (h_k, w) with the count r.
"""

from dataclasses import dataclass

import numpy as np

DISCOUNT = 0.5  # where n_1 is 0: without one, a class never seen would have the probability 0


@dataclass(frozen=True)
class Level:
    """What is known of the contexts of one length.

    `keys` are sorted: each stands for a pair (number of the next shorter context, the word before it).
    Context i has the classes `classes[first[i]:first[i + 1]]` with the probabilities `direct`, of the same
    shape; the share `rest[i]` of its probability comes from the next shorter context.
    """

    keys: np.ndarray
    first: np.ndarray
    classes: np.ndarray
    direct: np.ndarray
    rest: np.ndarray


class KneserNey:
    """The probabilities of `classes` classes after the nearest `order - 1` words of a context."""

    def __init__(self, order: int, classes: int) -> None:
        self.order = order
        self.classes = classes

    def fit(self, contexts: np.ndarray, targets: np.ndarray) -> "KneserNey":
        """Count. `contexts` (N, K) are ids from -1 on, the nearest word last; `targets` (N,) are classes.

        A context of less than `order - 1` words makes the order K + 1.
        """
        contexts, targets = contexts.astype(np.int64), targets.astype(np.int64)
        depth = min(self.order - 1, contexts.shape[1])
        self.words = int(contexts.max(initial=-1)) + 2  # ids from -1 on
        parents, keys = [np.zeros(len(targets), np.int64)], [np.zeros(1, np.int64)]
        for k in range(1, depth + 1):
            known, inverse = np.unique(self._key(parents[-1], contexts[:, -k]), return_inverse=True)
            parents.append(inverse)
            keys.append(known)
        pairs, counts = np.unique(parents[-1] * self.classes + targets, return_counts=True)
        levels = [self._level(keys[depth], pairs, counts)]
        for k in range(depth - 1, -1, -1):
            shorter = keys[k + 1] // self.words  # of each context of k + 1 words
            above = shorter[pairs // self.classes] * self.classes + pairs % self.classes
            pairs, counts = np.unique(above, return_counts=True)
            levels.append(self._level(keys[k], pairs, counts))
        self.levels = levels[::-1]
        return self

    def predict_proba(self, contexts: np.ndarray) -> np.ndarray:
        """Probabilities (N, classes) after contexts (N, K); each row sums to 1."""
        contexts = contexts.astype(np.int64)
        at = np.zeros(len(contexts), np.int64)
        found = np.full((len(contexts), self.classes), 1 / self.classes, np.float32)
        for k, level in enumerate(self.levels):
            if k > 0:
                at = self._descend(level.keys, at, contexts[:, -k])
            rows = np.flatnonzero(at >= 0)
            context = at[rows]
            rest = np.ones(len(found), np.float32)
            rest[rows] = level.rest[context]
            found *= rest[:, None]
            begin, count = level.first[context], np.diff(level.first)[context]
            offset = np.arange(count.sum()) - np.repeat(count.cumsum() - count, count)
            place = np.repeat(begin, count) + offset
            flat = np.repeat(rows * self.classes, count) + level.classes[place]
            found.reshape(-1)[flat] += level.direct[place]
        return found

    def predict(self, contexts: np.ndarray) -> np.ndarray:
        """The likeliest class after each context, (N,)."""
        return self.predict_proba(contexts).argmax(axis=1)

    def _key(self, parent: np.ndarray, word: np.ndarray) -> np.ndarray:
        return parent * self.words + word + 1

    def _descend(self, keys: np.ndarray, parent: np.ndarray, word: np.ndarray) -> np.ndarray:
        """The number of each longer context, -1 where it, or a shorter one, was never seen."""
        known = (parent >= 0) & (word + 1 < self.words)
        key = np.where(known, self._key(parent, word), -1)
        at = np.searchsorted(keys, key).clip(max=len(keys) - 1)
        return np.where(known & (keys[at] == key), at, -1)

    def _level(self, keys: np.ndarray, pairs: np.ndarray, counts: np.ndarray) -> Level:
        """A level from its sorted pairs (context, class), as integers, and their counts."""
        context = pairs // self.classes
        once, twice = np.count_nonzero(counts == 1), np.count_nonzero(counts == 2)
        discount = once / (once + 2 * twice) if once else DISCOUNT
        number = np.bincount(context, minlength=len(keys))
        total = np.bincount(context, counts, minlength=len(keys))
        return Level(
            keys=keys,
            first=np.concatenate([[0], number.cumsum()]),
            classes=pairs % self.classes,
            direct=((counts - discount) / total[context]).astype(np.float32),
            rest=(discount * number / total).astype(np.float32),
        )
