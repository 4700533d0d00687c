"""The table of hyperparameters: columns of a sweep, the row of a run."""

import pytest
from omegaconf import OmegaConf

from bakeoff.run.hooks.hyperparameters import Column, columns, parsed, row, settings


def test_columns_that_differ_come_first_the_model_before_all():
    jobs = [
        ["model=a", "+optimizer.lr=1e-3", "seed=0", "trainer.max_epochs=3", "hydra.verbose=true"],
        ["model=b", "+optimizer.lr=1e-2", "seed=0", "trainer.max_epochs=3", "hydra.verbose=true"],
    ]
    found = columns(jobs, {"data.batch_size": 32.0})
    assert found == [
        Column("model", str, ("a", "b"), True),
        Column("optimizer.lr", float, (1e-3, 1e-2), True),
        Column("data.batch_size", float, (32.0,), False),
        Column("seed", float, (0.0,), False),
        Column("trainer.max_epochs", float, (3.0,), False),
    ]


def test_what_all_jobs_share_is_no_column():
    found = columns([["data=x", "loss.a=1"], ["data=x", "loss.a=2"]], {})
    assert [column.name for column in found] == ["loss.a"]


def test_a_column_holds_values_of_one_kind():
    jobs = [["a=1", "b=true", "c=1"], ["a=2.5", "b=false", "c=[1,2]"], ["a=null", "b=true"]]
    a, b, c = columns(jobs, {})
    assert (a.kind, a.values, a.differs) == (float, (1.0, 2.5), True)
    assert (b.kind, b.values) == (bool, (True, False))
    assert (c.kind, c.values) == (str, ("1.0", "[1,2]"))
    assert row([a, b, c], {"a": None, "b": True, "c": 1.0}) == {"b": True, "c": "1.0"}
    assert row([a], {"a": "text"}) == {}


def test_a_row_has_what_the_run_does_not_override():
    config = OmegaConf.create({
        "model": {"_target_": "x"}, "optimizer": {"lr": 0.01}, "seed": 0, "wide": [1, 2],
    })  # fmt: skip
    found = settings(config, ["+wide=[1,2]", "loss/box=giou"], {"model": "lenet5/deep"})
    assert found["model"] == "lenet5/deep"
    assert found["optimizer.lr"] == 0.01
    assert found["seed"] == 0.0 and isinstance(found["seed"], float)
    assert found["wide"] == "[1,2]"
    assert found["loss/box"] == "giou"
    assert found["data.batch_size"] is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("1e-3", 1e-3), ("3", 3.0), ("True", True), ("null", None), ("'a b'", "a b"), ("a/b", "a/b")],
)
def test_values_are_read_as_they_are_typed(text, value):
    assert parsed(text) == value and type(parsed(text)) is type(value)
