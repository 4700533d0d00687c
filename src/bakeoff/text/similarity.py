"""Which words are alike, by the vectors that a net has learned."""

import re
from collections.abc import Sequence
from pathlib import Path

import torch
from scipy.stats import spearmanr
from torch import Tensor
from torch.nn import functional as F

from bakeoff.errors import BakeoffError

SEPARATOR = re.compile(r"[\t,]")
NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)")


def cosines(vectors: Tensor, queries: Tensor) -> Tensor:
    """Cosine similarity of queries (Q, D) with all vectors (W, D): (Q, W), in [-1, 1]; 0 for a vector of
    zeros.
    """
    return F.normalize(queries, dim=1) @ F.normalize(vectors, dim=1).T


def nearest(vectors: Tensor, query: Tensor, left_out: Sequence[int], count: int) -> list[tuple]:
    """The `count` words whose vectors (W, D) are most like `query` (D,): (id, cosine), best first, none
    of `left_out`.
    """
    found = cosines(vectors, query[None])[0]
    found[list(left_out)] = -torch.inf
    best = found.topk(min(count, len(found) - len(set(left_out))))
    return list(zip(best.indices.tolist(), best.values.tolist(), strict=True))


def analogy(vectors: Tensor, a: int, b: int, c: int) -> Tensor:
    """The vector (D,) that is to `c` as `b` is to `a`: b - a + c of unit vectors (Mikolov et al., NAACL,
    2013).
    """
    unit = F.normalize(vectors, dim=1)
    return unit[b] - unit[a] + unit[c]


def correlation(vectors: Tensor, ids: dict[str, int], path: Path) -> tuple[float, int, int]:
    """Spearman's rank correlation of cosines with the judgements in a file of `word word score` lines
    (WordSim-353, SimLex-999), over the pairs with both words in `ids`; how many these are, and of how
    many. Raises BakeoffError where the file is not of that form, fewer than three pairs are covered, or
    all of these are alike.
    """
    cosine, judged, pairs = [], [], read_pairs(path)
    for first, second, score in pairs:
        if first in ids and second in ids:
            both = vectors[[ids[first], ids[second]]]
            cosine.append(float(F.cosine_similarity(both[0], both[1], dim=0)))
            judged.append(score)
    if len(judged) < 3:
        raise BakeoffError(
            f"{path}: only {len(judged)} of {len(pairs)} pairs have both words in the vocabulary of "
            f"{len(ids):,} words: too few for a correlation"
        )
    for what, values in (("score", judged), ("cosine", cosine)):
        if len(set(values)) == 1:
            raise BakeoffError(
                f"{path}: all {len(judged)} pairs in the vocabulary have the same {what}, {values[0]:g}: "
                "expected different ones, for ranks"
            )
    return float(spearmanr(cosine, judged).statistic), len(judged), len(pairs)


def read_pairs(path: Path) -> list[tuple[str, str, float]]:
    """Pairs of lower-case words and a score each: the first number behind the words, separated by tabs,
    commas or spaces (SimLex-999 has the part of speech in between).

    Raises BakeoffError that names the wrong line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise BakeoffError(f"cannot read {path}: {reason}") from None
    pairs = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = SEPARATOR.split(line.lower()) if SEPARATOR.search(line) else line.lower().split()
        first, second, *values = [*map(str.strip, parts), "", ""]
        score = next((float(value) for value in values if NUMBER.fullmatch(value)), None)
        if score is not None:
            pairs.append((first, second, score))
        elif number > 1:  # the first line may be a heading
            raise BakeoffError(
                f"{path}, line {number}: expected two words and a number, got {line!r:.80}"
            )
    return pairs
