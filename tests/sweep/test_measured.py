"""Candidates that are measured in different ways are refused."""

import pytest
from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.sweep.content import Content
from bakeoff.sweep.experiment import plan_experiment
from bakeoff.sweep.extension import extended
from bakeoff.sweep.identities import identities, plan_file
from bakeoff.sweep.measured import measured_mistakes
from bakeoff.sweep.preflight import plan_mistakes

BETA = {"_target_": "torchmetrics.FBetaScore", "beta": 1.0}


def mistakes(*configs: dict) -> list[str]:
    base = OmegaConf.create(
        {
            "beta": 1.0,
            "model": {"width": 1},
            "loss": {"smoothing": 0.0},
            "task": {
                "metric": {"name": "f", "direction": "max"},
                "decode": {"overlap": 0.5},
                "metrics": {"extra": {"f": BETA}},
            },
        }
    )
    return list(measured_mistakes(Content(OmegaConf.merge(base, of)) for of in configs))


def metric(**settings):
    return {"task": {"metrics": {"extra": {"f": settings}}}}


def test_candidates_differ_in_all_but_the_metric():
    assert mistakes({}, {"model": {"width": 2}}, {"loss": {"smoothing": 0.1}}) == []


def test_the_key_that_differs_is_named_with_its_values():
    (line,) = mistakes({}, metric(beta=2.0), metric(beta=0.5), metric(beta=2.0))
    assert line.startswith("task.metrics.extra.f.beta=1.0,2.0,0.5: candidates that are measured in")
    (line,) = mistakes({}, metric(top=3))
    assert line.startswith("task.metrics.extra.f.top=nothing,3: ")
    (line,) = mistakes({}, {"task": {"metric": {"direction": "min"}}})
    assert line.startswith("task.metric.direction=max,min: ")


def test_what_a_metric_refers_to_counts_but_for_how_outputs_are_decoded():
    (line,) = mistakes(metric(beta="${beta}"), metric(beta="${beta}") | {"beta": 2.0})
    assert line.startswith("task.metrics.extra.f.beta=1.0,2.0: ")
    decoded = metric(overlap="${task.decode.overlap}")
    other = OmegaConf.merge(decoded, {"task": {"decode": {"overlap": 0.3}}})
    assert mistakes(decoded, other) == []


def test_candidates_with_different_losses_are_not_selected_by_the_loss():
    by_loss = {"task": {"metric": {"name": "loss", "direction": "min"}}}
    (line,) = mistakes(by_loss, {**by_loss, "loss": {"smoothing": 0.1}})
    assert line.startswith("loss.smoothing=0.0,0.1: ")
    assert mistakes(by_loss, {**by_loss, "model": {"width": 2}}) == []


def test_a_lightning_module_measures_itself():
    assert mistakes({}, {"model": {"kind": "lightning"}, **metric(beta=2.0)}) == []


TYPED = ["task.metric.name=cross_entropy", "task.metric.direction=min", "seed=0"]


def test_the_check_of_a_sweep_says_it():
    planned = plan_experiment("regularization", ["task.metric.direction=min,max", "seed=0"])
    assert any(
        line.startswith("task.metric.direction=min,max: ") for line in plan_mistakes(planned)
    )


def test_a_sweep_is_not_extended_by_candidates_that_are_measured_in_another_way():
    planned = plan_experiment("regularization", TYPED)
    plan = plan_file(planned, identities(planned.jobs))
    with pytest.raises(
        BakeoffError, match=r"task\.metric\.name=cross_entropy,accuracy: candidates"
    ):
        extended(plan, ["task.metric.name=accuracy"])
    assert extended(plan, ["optimizer.lr=0.5"]) != plan
