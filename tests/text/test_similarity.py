"""Cosines, neighbours and correlations against numpy and SciPy."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from bakeoff.errors import BakeoffError
from bakeoff.text.similarity import analogy, correlation, cosines, nearest, read_pairs

IDS = {"<unk>": 0, "king": 1, "queen": 2, "man": 3, "dog": 4}


def vectors(words: int, dimension=3, seed=0) -> torch.Tensor:
    return torch.randn(words, dimension, generator=torch.Generator().manual_seed(seed))


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.integers(0, 99), st.integers(4, 9), st.integers(1, 12))
def test_nearest_words_are_those_of_brute_force(seed, words, count):
    table = vectors(words, seed=seed)
    x = table.double().numpy()
    cosine = [float(x[1] @ y / np.linalg.norm(x[1]) / np.linalg.norm(y)) for y in x]
    order = sorted((i for i in range(words) if i not in (0, 1)), key=lambda i: -cosine[i])[:count]
    found = nearest(table, table[1], [0, 1], count)
    assert [i for i, _ in found] == order
    assert [value for _, value in found] == pytest.approx([cosine[i] for i in order], abs=1e-5)


def test_cosines_by_hand():
    table = torch.tensor([[2.0, 0.0], [0.0, 3.0], [1.0, 1.0], [-1.0, 0.0], [0.0, 0.0]])
    assert cosines(table, torch.tensor([[5.0, 0.0]]))[0].tolist() == pytest.approx(
        [1, 0, 0.5**0.5, -1, 0]
    )


def test_an_analogy_by_hand():
    # Lengths do not count: the unit vectors are (1, 0), (0, 1) and (0, -1).
    table = torch.tensor([[9.0, 0.0], [2.0, 0.0], [0.0, 3.0], [0.0, -4.0]])
    assert analogy(table, 1, 2, 3).tolist() == [-1, 0]  # (0, 1) - (1, 0) + (0, -1)


def pairs_file(folder, text: str):
    path = folder / "pairs.txt"
    path.write_bytes(text.encode())
    return path


def test_the_correlation_is_scipys_on_the_pairs_it_knows(tmp_path):
    table = vectors(5)
    path = pairs_file(tmp_path, "king queen 9\nking man 6.5\ncat dog 8\nDog man 3\nqueen dog 1\n")
    x = table.double().numpy()
    covered = [(1, 2, 9), (1, 3, 6.5), (4, 3, 3), (2, 4, 1)]
    cosine = [x[a] @ x[b] / np.linalg.norm(x[a]) / np.linalg.norm(x[b]) for a, b, _ in covered]
    expected = spearmanr(cosine, [score for *_, score in covered]).statistic
    assert correlation(table, IDS, path) == (pytest.approx(expected), 4, 5)


def test_too_few_pairs_are_no_correlation(tmp_path):
    path = pairs_file(tmp_path, "king queen 9\nking man 6\nking cat 5\n")
    with pytest.raises(
        BakeoffError, match="only 2 of 3 pairs have both words in the vocabulary of 5"
    ):
        correlation(vectors(5), IDS, path)


@pytest.mark.parametrize(
    "text",
    [
        "king\tqueen\t8.5\nman\tdog\t2\n",
        "king queen 8.5\r\nman dog 2\r\n",
        "Word 1,Word 2,Human (mean)\nking,queen,8.50\nman,dog,2\n",
        "\ufeffking\tqueen\t8.5\n\n# a remark\nman\tdog\t2.0",
        "word1\tword2\tPOS\tSimLex999\tconc(w1)\nKing\tqueen\tN\t8.5\t1\nman\tdog\tN\t2\t2\n",
    ],
)
def test_lists_of_pairs_in_the_forms_they_come_in(tmp_path, text):
    assert read_pairs(pairs_file(tmp_path, text)) == [("king", "queen", 8.5), ("man", "dog", 2.0)]


@pytest.mark.parametrize("line", ["king queen", "king", "king queen far", "king queen nan"])
def test_a_wrong_line_is_named(tmp_path, line):
    with pytest.raises(BakeoffError, match=r"pairs.txt, line 2: expected two words and a number"):
        read_pairs(pairs_file(tmp_path, f"a b 1\n{line}\n"))


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(BakeoffError, match=r"cannot read .*nowhere.txt: No such file"):
        read_pairs(tmp_path / "nowhere.txt")
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9 tea 3\n")
    with pytest.raises(BakeoffError, match=r"cannot read .*latin.txt: it is not UTF-8"):
        read_pairs(tmp_path / "latin.txt")


def test_the_real_lists_have_as_many_pairs_as_their_names_say(mirror):
    assert len(read_pairs(mirror / "wordsim" / "EN-SIMLEX-999.txt")) == 999
    assert len(read_pairs(mirror / "wordsim" / "EN-WS-353-ALL.txt")) == 353
