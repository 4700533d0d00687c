"""The overrides that describe a candidate."""

import pytest

from bakeoff.identity.candidate import candidate_overrides, candidate_words


@pytest.mark.parametrize("seed", ["seed=0", "+seed=1", "++seed=2", "data.fold=2", "++data.fold=1"])
def test_seed_and_fold_are_not_the_candidates_however_typed(seed):
    assert candidate_overrides([seed, "data.seed=0", "optimizer.lr=1"]) == [
        "data.seed=0",
        "optimizer.lr=1",
    ]


def test_what_decides_no_training_is_not_the_candidates():
    overrides = ["hydra.mode=RUN", "hydra/launcher=basic", "augment=shift", "selection.run=best"]
    assert candidate_overrides(overrides) == ["augment=shift"]


def test_the_model_comes_first_and_what_was_added_has_no_plus():
    overrides = ["optimizer.lr=0.1", "model=mlp/deep", "+trainer.x=3", "~scheduler", "++seed=1"]
    assert candidate_words(overrides, "mlp/deep") == [
        *("mlp/deep", "optimizer.lr=0.1", "trainer.x=3", "~scheduler"),
    ]
    assert candidate_words([], "mlp/standard") == ["mlp/standard"]
