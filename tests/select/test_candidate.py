"""Names of candidates."""

from bakeoff.select.candidate import candidate_name, candidate_overrides, short_names


def test_seed_and_fold_are_not_the_candidates():
    assert candidate_overrides(["seed=0", "data.fold=2", "optimizer.lr=1"]) == ["optimizer.lr=1"]


def test_a_name_is_the_model_and_what_else_differs():
    assert candidate_name(["model=mlp/deep", "seed=1"], "mlp/deep") == "mlp/deep"
    assert candidate_name(["optimizer.lr=0.1", "seed=1"], "mlp/deep") == "mlp/deep optimizer.lr=0.1"


def test_words_that_all_share_are_dropped():
    assert short_names(["a x=1", "b x=1"]) == ["a", "b"]
    assert short_names(["a lr=1 x=1", "a lr=2 x=1"]) == ["lr=1", "lr=2"]
    assert short_names(["a x=1"]) == ["a"]


def test_names_stay_where_shortening_would_make_them_empty():
    assert short_names(["a", "a lr=2"]) == ["a", "a lr=2"]
