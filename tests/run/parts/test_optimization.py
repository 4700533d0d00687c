"""Optimizers and schedules from configs."""

import pytest
import torch
from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.run.parts.optimization import build_optimizer, build_schedule, try_schedule

PARAMETERS = [torch.nn.Parameter(torch.zeros(2))]
LR = "torch.optim.lr_scheduler"


def config(optimizer=None, scheduler=None):
    return OmegaConf.create(
        {
            "optimizer": {"_target_": "torch.optim.SGD", "_partial_": True, "lr": 0.1} | (optimizer or {}),
            "scheduler": scheduler and {"_partial_": True} | scheduler,
            "task": {"metric": {"name": "accuracy", "direction": "max"}},
        }
    )  # fmt: skip


@pytest.mark.parametrize(("kind", "fused"), [("AdamW", True), ("RAdam", None), ("Adam", True)])
def test_fused_is_given_to_the_classes_that_have_it(kind, fused):
    made = build_optimizer(config({"_target_": f"torch.optim.{kind}", "fused": True}))
    assert made(PARAMETERS).defaults.get("fused") is fused


def test_lbfgs_is_refused_with_the_reason():
    with pytest.raises(BakeoffError, match="several times per step"):
        build_optimizer(config({"_target_": "torch.optim.LBFGS"}))


def test_the_total_of_steps_is_told_to_whoever_takes_it():
    cycle = build_schedule(config(scheduler={"_target_": f"{LR}.OneCycleLR", "max_lr": 1.0}))
    optimizer = build_optimizer(config())(PARAMETERS)
    found = cycle.for_lightning(optimizer, total_steps=7, epochs_per_validation=1)
    assert (found["interval"], found["frequency"]) == ("step", 1)
    assert found["scheduler"].total_steps == 7


def test_other_schedulers_step_with_epochs():
    step = build_schedule(config(scheduler={"_target_": f"{LR}.StepLR", "step_size": 3}))
    found = step.for_lightning(build_optimizer(config())(PARAMETERS), 7, 2)
    assert (found["interval"], found["frequency"], "monitor" in found) == ("epoch", 1, False)


def test_a_schedule_that_follows_a_metric_steps_with_validations():
    node = {"_target_": f"{LR}.ReduceLROnPlateau", "monitor": "val/accuracy", "mode": "max"}
    found = build_schedule(config(scheduler=node)).for_lightning(
        build_optimizer(config())(PARAMETERS), 7, 2
    )
    assert (found["frequency"], found["monitor"]) == (2, "val/accuracy")


def test_no_schedule():
    assert build_schedule(config()) is None


def test_what_torch_refuses_is_named():
    schedule = build_schedule(config(scheduler={"_target_": f"{LR}.MultiStepLR", "milestones": 3}))
    with pytest.raises(BakeoffError, match=r"scheduler: torch\.optim\.lr_scheduler\.MultiStepLR"):
        try_schedule(schedule, build_optimizer(config())(PARAMETERS))
