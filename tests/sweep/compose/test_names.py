"""Names that tell the candidates of a sweep apart."""

from bakeoff.sweep.compose.names import candidate_names, distinguishing


def test_words_that_all_share_are_dropped():
    assert distinguishing([["a", "x=1"], ["b", "x=1"]]) == ["a", "b"]
    assert distinguishing([["a", "lr=1", "x=1"], ["a", "lr=2", "x=1"]]) == ["lr=1", "lr=2"]
    assert distinguishing([["a", "x=1"]]) == ["a"]


def test_a_value_with_spaces_is_one_word():
    words = [["mlp", "note='a b'", "lr=1"], ["mlp", "note='c b'", "lr=1"]]
    assert distinguishing(words) == ["note='a b'", "note='c b'"]


def test_descriptions_stay_where_shortening_would_empty_one():
    assert distinguishing([["a"], ["a", "lr=2"]]) == ["a", "a lr=2"]


def test_candidates_that_the_words_do_not_tell_apart_get_their_ids():
    words = {"abcdefgh": ["mlp", "x=1"], "ijklmnop": ["mlp", "x=1"], "qrstuvwx": ["rnn", "x=1"]}
    names = candidate_names(words)
    assert names == {
        "abcdefgh": "mlp #abcdef",
        "ijklmnop": "mlp #ijklmn",
        "qrstuvwx": "rnn",
    }
