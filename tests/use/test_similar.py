"""`bakeoff similar` as a user reads it."""

import re

import pytest
import torch

from bakeoff import cli
from bakeoff.errors import BakeoffError
from bakeoff.use.similar import score, similar

WORDS = ["king", "queen", "man", "[i]", "dog"]
# By id: <unk>, which is like none but would be nearest to the king, then the words.
VECTORS = torch.tensor([[1.0, 0.1], [1.0, 0.0], [4.0, 3.0], [0.0, 2.0], [-1.0, 0.0], [3.0, -4.0]])


@pytest.fixture
def run(word_run):
    return word_run("run", WORDS, VECTORS)


def columns(out: str) -> list[list[str]]:
    return [re.split(r"\s{3,}", line.strip()) for line in out.splitlines()]


def test_nearest_words_by_hand(run, capsys):
    similar(run, ["king", "Queen"], count=2, is_analogy=False)
    # The unit vector of the king is (1, 0), of the queen (.8, .6), of the dog (.6, -.8).
    assert columns(capsys.readouterr().out) == [
        ["king", "queen"],
        ["+0.800 queen", "+0.800 king"],
        ["+0.600 dog", "+0.600 man"],
    ]


def test_an_analogy_by_hand(run, capsys):
    similar(run, ["king", "man", "queen"], count=1, is_analogy=True)
    # man - king + queen = (0, 1) - (1, 0) + (.8, .6) = (-.2, 1.6): of the others, [i] is the least unlike.
    assert columns(capsys.readouterr().out) == [["man - king + queen"], ["+0.124 [i]"]]


def test_a_word_in_brackets_is_shown_as_it_is(run, capsys):
    similar(run, ["[i]"], count=9, is_analogy=False)
    assert columns(capsys.readouterr().out)[0] == ["[i]"]


def test_many_words_are_not_cut_off(word_run, capsys):
    words = [f"uncommonlylongword{i}" for i in range(12)]
    similar(word_run("wide", words, torch.randn(13, 4)), words, count=5, is_analogy=False)
    lines = columns(capsys.readouterr().out)
    assert lines[0] == words
    assert len(lines) == 6
    assert all(cell.split()[1] in words for line in lines[1:] for cell in line)


def test_unknown_words_are_all_named_with_the_nearest_spelling(run):
    with pytest.raises(BakeoffError) as error:
        similar(run, ["kng", "king", "<unk>"], count=3, is_analogy=False)
    first, second = str(error.value).splitlines()
    assert first.startswith("'kng' is not in the vocabulary of 5 words")
    assert "'king'" in first
    assert second.startswith("'<unk>' is not in the vocabulary")


def test_an_analogy_takes_three_words(run):
    with pytest.raises(BakeoffError, match="--analogy takes three words, got 2"):
        similar(run, ["king", "man"], count=3, is_analogy=True)
    with pytest.raises(BakeoffError, match="--count is 0: expected 1 or more"):
        similar(run, ["king"], count=0, is_analogy=False)


def test_scores_name_the_pairs_they_cover(run, tmp_path, capsys):
    path = tmp_path / "pairs.txt"
    # Cosines .8, .6, 0 and -.8, in the order of the judgements.
    path.write_text("king queen 9\nking dog 5\nqueen cat 4\nking man 3\nman dog 0.5\n")
    score(run, [path])
    assert capsys.readouterr().out == "pairs.txt: Spearman +1.000 on 4 of 5 pairs\n"


def test_files_without_a_score_are_all_named_after_the_others(run, tmp_path, capsys):
    for name, text in (("same", "king queen 5\nking dog 5\nking man 5\n"), ("bad", "a b 1\na b\n")):
        (tmp_path / name).write_text(text)
    (tmp_path / "good").write_text("king queen 9\nking dog 5\nking man 3\n")
    with pytest.raises(BakeoffError) as error:
        score(run, [tmp_path / name for name in ("same", "good", "bad")])
    assert capsys.readouterr().out == "good: Spearman +1.000 on 3 of 3 pairs\n"
    same, bad = str(error.value).splitlines()
    assert "same: all 3 pairs in the vocabulary have the same score, 5" in same
    assert "bad, line 2: expected two words and a number" in bad


def test_the_command(run, capsys, tmp_path):
    cli.main(["similar", str(run), "king", "--count", "1"])
    assert columns(capsys.readouterr().out) == [["king"], ["+0.800 queen"]]
    with pytest.raises(SystemExit):
        cli.main(["similar", str(run), "--score", str(tmp_path / "nowhere.txt")])
    assert "cannot read" in capsys.readouterr().err
    for options in ([], ["--analogy", "--score", "pairs.txt"]):
        with pytest.raises(SystemExit):
            cli.main(["similar", str(run), *options])
        assert "give words, such as" in capsys.readouterr().err


def test_words_may_stand_before_and_after_options(run, capsys):
    for order in (["--analogy", "king", "man", "queen"], ["king", "--analogy", "man", "queen"]):
        cli.main(["similar", str(run), *order, "--count=1"])
        assert "+0.124 [i]" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        cli.main(["similar", str(run), "king", "--analogi"])
    assert "unknown argument: --analogi" in capsys.readouterr().err


def test_a_sweep_without_word_vectors_is_refused(word_run, capsys):
    images = word_run("images", WORDS, VECTORS, key="net.conv.weight")
    with pytest.raises(SystemExit):
        cli.main(["similar", str(images), "king"])
    assert "has learned no vectors of words" in capsys.readouterr().err
