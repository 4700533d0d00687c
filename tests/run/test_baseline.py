"""Baselines: what is fitted, measured and recorded."""

import numpy as np
import pytest
import torch
from omegaconf import OmegaConf
from sklearn.linear_model import LogisticRegression
from tests.run import in_memory

from bakeoff.errors import BakeoffError
from bakeoff.run.baseline import baseline_mistakes, build_baseline, drawn, measure_baseline
from bakeoff.store.record import Metric, RunRecord
from bakeoff.tasks.classification.baselines import Rows

ROWS = {"_target_": "bakeoff.tasks.classification.baselines.Rows"}
LOGISTIC = {"_target_": "sklearn.linear_model.LogisticRegression", "C": 1e6}


def config(metric: str = "accuracy", **entries):
    made = in_memory.config(f"task.metric.name={metric}", "task.metric.direction=max")
    return OmegaConf.merge(made, {"task": {"tabular": ROWS}, "baselines": entries})


def measured(config, name: str) -> RunRecord:
    metric = Metric(config.task.metric.name, config.task.metric.direction)
    record = RunRecord("b", "running", "e", "t", name, [], 0, metric, role="baseline")
    measure_baseline(config, name, record)
    return record


def test_it_is_fitted_to_training_data_and_measured_on_validation_data():
    record = measured(config(logistic=LOGISTIC), "logistic")
    data = in_memory.data()
    (x, y), (x_val, y_val) = data.splits["train"][:], data.splits["val"][:]
    model = LogisticRegression(C=1e6).fit(x, y)
    assert record.metric.value == pytest.approx(model.score(x_val, y_val))
    assert record.metrics.keys() == {"accuracy", "cross_entropy", "macro_f1"}
    assert record.data_fingerprint == data.fingerprint
    assert record.train_seconds > 0 and record.seconds_per_prediction > 0
    assert record.note == ""


class Watching:
    """Notes what it gets."""

    def fit(self, features, labels):
        Watching.seen, self.shape = features, None

    def predict(self, features):
        return np.zeros(len(features), int)


class Shaped(Watching):
    def __init__(self, input_shape):
        Watching.shape = input_shape


def test_no_test_data_are_loaded(monkeypatch):
    monkeypatch.setattr(in_memory.Pairs, "load", refuse_test(in_memory.Pairs.load))
    assert measured(config(mine={"_target_": f"{__name__}.Watching"}), "mine").metric.value > 0


def refuse_test(load):
    def loaded(self, split):
        assert split != "test"
        return load(self, split)

    return loaded


def test_a_part_of_the_examples_is_drawn_the_same_each_time_and_said():
    entry = {"_target_": f"{__name__}.Watching", "at_most": 10}
    record = measured(config(mine=entry), "mine")
    assert record.note == "fitted to 10 of 64 training examples"
    first = Watching.seen
    measured(config(mine=entry), "mine")
    assert len(first) == 10 and (first == Watching.seen).all()
    x, _ = in_memory.data().splits["train"][:]
    assert len({tuple(row) for row in first.tolist()} & {tuple(r) for r in x.tolist()}) == 10
    assert drawn(5, 5) is None and drawn(5, None) is None
    assert len(set(drawn(100, 30))) == 30


def test_what_the_data_declare_is_given_to_what_takes_it():
    made = config(mine={"_target_": f"{__name__}.Shaped"})
    build_baseline(made, "mine", {"input_shape": (2,), "output_shape": (2,)})
    assert tuple(Watching.shape) == (2,)


def test_hard_predictions_have_no_cross_entropy():
    record = measured(
        config(metric="cross_entropy", mine={"_target_": f"{__name__}.Watching"}), "mine"
    )
    assert record.metric.value is None and record.metrics["accuracy"] > 0


def test_a_metric_that_only_nets_have_is_named():
    record = measured(config(metric="gap", mine={"_target_": f"{__name__}.Watching"}), "mine")
    assert record.metric.value is None
    assert record.note == "gap is not measured of baselines"


def test_the_users_seed_and_the_random_state_before_change_nothing():
    entry = {"_target_": "sklearn.ensemble.RandomForestClassifier", "n_estimators": 3}
    values = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        # What scikit-learn draws from.
        np.random.seed(seed)  # noqa: NPY002
        made = config("macro_f1", forest=entry)
        made.seed = seed
        values.append(measured(made, "forest").metrics)
    assert values[0] == values[1]


def test_mistakes_are_named_before_anything_is_fitted():
    made = config(a={"_target_": "fractions.Fraction"}, b=LOGISTIC | {"at_most": 0})
    first, second = baseline_mistakes(made, {})
    assert first.startswith("baselines.a: fractions.Fraction has no method fit and no predict")
    assert second == "baselines.b.at_most=0: expected a whole number, 1 or more, or null"
    assert not [*baseline_mistakes(config(a=LOGISTIC), {})]
    made.task.tabular = None
    [only] = baseline_mistakes(made, {})
    assert "task.tabular" in only and "baselines=none" in only
    assert not [*baseline_mistakes(in_memory.config(), {})]


def test_an_object_that_cannot_be_made_is_named():
    with pytest.raises(BakeoffError, match=r"baselines\.a: cannot make"):
        build_baseline(config(a=LOGISTIC | {"no": 1}), "a", {})


class Output:
    """Tabular data with `share` outputs for each example, each of them `value`."""

    def __init__(self, value, share):
        self.value, self.share = value, share
        self.rows = Rows()

    def examples(self, data, split):
        return self.rows.examples(data, split)

    def labels(self, targets):
        return self.rows.labels(targets)

    def output(self, model, features, data):
        return torch.full((int(self.share * len(features)), 2), float(self.value))


@pytest.mark.parametrize(
    ("value", "share", "mistake"),
    [("nan", 1.0, "not a number"), ("0", 0.5, "answers for"), ("0", 2.0, "answers for")],
)
def test_what_is_no_answer_is_not_measured(value, share, mistake):
    made = config(mine={"_target_": f"{__name__}.Watching"})
    made.task.tabular = {"_target_": f"{__name__}.Output", "value": value, "share": share}
    with pytest.raises(BakeoffError, match=mistake):
        measured(made, "mine")
