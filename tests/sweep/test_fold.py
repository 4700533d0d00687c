"""A fold that follows another key is refused."""

from omegaconf import OmegaConf

from bakeoff.sweep.experiment import plan_experiment
from bakeoff.sweep.fold import fold_mistakes
from bakeoff.sweep.preflight import plan_mistakes


def mistakes(data) -> list[str]:
    return list(fold_mistakes(OmegaConf.create({"seed": 3, "data": data})))


def test_a_fold_that_follows_the_seed_is_refused():
    (line,) = mistakes({"folds": 5, "fold": "${seed}"})
    assert line.startswith("data.fold=${seed}: expected a number")
    assert (
        mistakes({"folds": 5, "fold": 2}) == mistakes({"folds": "${seed}"}) == mistakes(None) == []
    )


def test_the_check_of_a_sweep_says_it():
    planned = plan_experiment("regularization", ["data.folds=5", "data.fold=${seed}", "seed=0,1"])
    found = plan_mistakes(planned)
    assert [line for line in found if line.startswith("data.fold=")] == found
