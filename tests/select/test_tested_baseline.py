"""The best baseline on test data."""

import pytest
from omegaconf import OmegaConf
from sklearn.linear_model import LogisticRegression
from tests.run import in_memory

from bakeoff.run.baseline import measure_baseline
from bakeoff.select.ledger import RESULT, read_ledger
from bakeoff.select.ranking import select
from bakeoff.select.sealed_test import read_seal, sealed_test
from bakeoff.store import record
from bakeoff.store.paths import BASELINES
from bakeoff.store.plan_file import PlannedJob
from bakeoff.sweep.launch.planned_baselines import planned_baselines


class Broken(LogisticRegression):
    """Fits once."""

    fitted = 0

    def fit(self, features, labels):
        Broken.fitted += 1
        if Broken.fitted > 1:
            raise ZeroDivisionError("no second time")
        return super().fit(features, labels)


@pytest.fixture
def with_baselines(sweep, configured):
    """Gives the sweep baselines by name, fitted and recorded, and returns its leaderboard."""

    def fitted(**targets: str):
        configured("task.tabular._target_=bakeoff.tasks.classification.baselines.Rows")
        configured("task.metric.name=accuracy", "task.metric.direction=max")
        configured(*(f"baselines.{name}._target_={target}" for name, target in targets.items()))
        run = record.read(sweep / "run")
        run.metric = record.Metric("accuracy", "max", run.metrics["accuracy"], 0)
        run.write(sweep / "run")
        text = (sweep / "run" / ".hydra" / "config.yaml").read_text()
        job = PlannedJob(
            number=0, id="run", candidate="a", candidate_id="a", seed=0, overrides=[], config=text
        )
        for one in planned_baselines([job]):
            measure_baseline(OmegaConf.create(text), one.record.candidate, one.record)
            one.record.status = "completed"
            one.record.write(sweep / BASELINES / one.record.id)
        return select(record.read_all(sweep), baselines=record.read_all(sweep / BASELINES))

    return fitted


SKLEARN = {
    "logistic": "sklearn.linear_model.LogisticRegression",
    "majority": "sklearn.dummy.DummyClassifier",
}


def test_the_best_one_is_measured_on_the_same_test_data_and_compared(sweep, with_baselines):
    board = with_baselines(**SKLEARN)
    assert sealed_test(sweep, board)
    data = in_memory.data()
    model = LogisticRegression().fit(*(part.numpy() for part in data.splits["train"][:]))
    x, y = data.splits["test"][:]
    found = board.sealed_test_baseline
    assert (found["name"], found["value"]) == ("logistic", pytest.approx(model.score(x, y)))
    assert found["difference"] == pytest.approx(board.sealed_test["accuracy"] - found["value"])
    low, high = found["difference_ci95"]
    assert low <= found["difference"] <= high
    assert found["said"].startswith("the best baseline, logistic, reaches")
    again = select(record.read_all(sweep), baselines=record.read_all(sweep / BASELINES))
    assert read_seal(sweep, again) and again.sealed_test_baseline["said"] == found["said"]
    results = [line for line in read_ledger(sweep) if line["event"] == RESULT]
    assert [line["baseline"]["name"] for line in results] == ["logistic"]


def test_no_baseline_no_word_of_it(sweep, board):
    sealed_test(sweep, board)
    assert board.sealed_test_baseline is None


def test_one_that_measures_otherwise_when_it_is_fitted_again_is_not_evaluated(
    sweep, with_baselines
):
    board = with_baselines(**SKLEARN)
    folder = sweep / BASELINES / board.baselines[0].runs[0]
    changed = record.read(folder)
    changed.metric.value -= 0.01
    changed.write(folder)
    sealed_test(sweep, board)
    assert board.sealed_test["accuracy"] > 0.5
    assert "was not evaluated on test data: fitted again" in board.sealed_test_baseline["said"]


def test_one_that_cannot_be_fitted_again_costs_no_result(sweep, with_baselines):
    Broken.fitted = 0
    board = with_baselines(mine=f"{__name__}.Broken")
    sealed_test(sweep, board)
    assert board.sealed_test["accuracy"] > 0.5
    assert board.sealed_test_baseline["said"] == (
        "the best baseline, mine, was not evaluated on test data: fitting it again failed: "
        "no second time"
    )


def test_one_of_other_data_is_not_evaluated(sweep, with_baselines):
    board = with_baselines(**SKLEARN)
    board.baselines[0].runs = ["another"]
    sealed_test(sweep, board)
    assert "it was fitted to other data" in board.sealed_test_baseline["said"]
