"""What is checked with torch at hand, before anything trains."""

import sys
import types

import pytest
import pytorch_lightning as pl

from bakeoff.errors import BakeoffError
from bakeoff.run.parts import build
from bakeoff.store import paths
from bakeoff.sweep import preflight as module
from bakeoff.sweep.plan import plan
from bakeoff.sweep.preflight import preflight, preflight_mistakes

SMALL = ["data.sizes={train: 8, val: 4, test: 4}", "hydra.mode=RUN"]


@pytest.fixture
def checked(tmp_path):
    """The mistakes of the jobs of `overrides`."""

    def check(*overrides: str, multirun: bool = False) -> list[str]:
        lines = [*SMALL[: 1 if multirun else 2], f"data_dir={tmp_path}", *overrides]
        planned = plan("localization", lines, paths.experiment_dir("localization"))
        return preflight_mistakes(job.config for job in planned.candidates)

    return check


def test_what_is_right_passes(checked):
    assert checked() == []


def test_mistakes_of_all_sections_come_together(checked):
    found = checked(
        "+optimizer.bar=1", "+scheduler.warm=3", "+trainer.max_epoch=3", "+task.showcase.shown=2"
    )
    assert [line.split(":")[0] for line in found] == [
        *("optimizer.bar", "scheduler.warm", "trainer.max_epoch", "task.showcase.shown"),
    ]


def test_a_net_is_tried_although_the_optimizer_is_wrong(checked):
    found = checked("+optimizer.bar=1", "model.conv=[3,8,8,8]")
    assert found[0].startswith("optimizer.bar") and "4 convolutions cannot take" in found[1]


def test_every_candidate_is_tried_and_a_mistake_is_said_once(checked):
    lines = ["model=lenet5/shallow", "model.conv=[3,8],[3,8,8,8],[3,8,8,9]", "seed=0,1"]
    found = checked(*lines, "optimizer.lr=1e-3,2e-3", multirun=True)
    assert len(found) == 1 and "4 convolutions cannot take images" in found[0]


def test_equal_data_are_made_once_and_equal_nets_tried_once(checked, monkeypatch):
    made, tried = [], []
    monkeypatch.setattr(module, "build_data", lambda c: made.append(1) or build.build_data(c))
    monkeypatch.setattr(module, "build_net", lambda *a: tried.append(1) or build.build_net(*a))
    overrides = ["model=lenet5/shallow,lenet5/deep", "optimizer.lr=1e-3,2e-3", "seed=0,1"]
    assert checked(*overrides, multirun=True) == []
    assert (len(made), len(tried)) == (1, 2)
    assert checked(*overrides, "data.empty=0.1,0.2", multirun=True) == []
    assert (len(made), len(tried)) == (1 + 2, 2 + 4)


def test_a_part_that_nothing_would_make_is_a_mistake(checked):
    (line,) = checked("+logger={_target_: pytorch_lightning.loggers.CSVLogger, save_dir: x}")
    assert line.startswith("logger: nothing is made of this section")


def test_all_missing_values_are_named(checked):
    names = ("data.folder", "experiment")
    assert checked("data=localization/idx", "experiment=???") == [
        f"{name} has no value: set it, as in {name}=VALUE" for name in names
    ]


def test_what_the_data_say_is_not_a_setting_of_the_model(checked):
    assert checked("+model.input_shape=[3,32,32]") == [
        "model.input_shape: the data say what it is: leave it out"
    ]


def test_all_mistakes_are_raised_at_once(tmp_path):
    overrides = [*SMALL, f"data_dir={tmp_path}", "+optimizer.a=1", "+trainer.b=1"]
    planned = plan("localization", overrides, paths.experiment_dir("localization"))
    with pytest.raises(BakeoffError, match=r"(?s)optimizer\.a.*\n.*trainer\.b"):
        preflight(planned)


def test_a_plain_data_module_says_all_that_it_lacks_before_anything_is_tried(checked, monkeypatch):
    plain = types.ModuleType("plain")
    plain.Empty = type("Empty", (pl.LightningDataModule,), {"__module__": "plain"})
    monkeypatch.setitem(sys.modules, "plain", plain)
    composed = plan("localization", ["hydra.mode=RUN"], paths.experiment_dir("localization"))
    config = composed.jobs[0].config
    config.data = {"_target_": "plain.Empty"}
    [found] = preflight_mistakes([config])
    assert found.startswith("data: plain.Empty lacks train_dataloader: ")
    assert "val_dataloader: " in found and "test_dataloader: " in found


def test_baselines_are_tried_too(checked, monkeypatch):
    monkeypatch.setenv("BAKEOFF_ALLOW", "fractions")
    found = checked(
        "+baselines.mine._target_=fractions.Fraction", "baselines.nearest_image.at_most=-1"
    )
    assert sorted(line.split(":")[0] for line in found) == [
        *("baselines.mine", "baselines.nearest_image.at_most=-1"),
    ]
    [only] = checked("+baselines.mine={_target_: sklearn.dummy.DummyRegressor, meen: 1}")
    assert only.startswith("baselines.mine.meen: sklearn.dummy.DummyRegressor has no argument")
    assert checked("baselines=none") == []


def own(*overrides: str):
    """A config with a LightningModule as its model, and its overrides as Hydra notes them."""
    lines = ["hydra.mode=RUN", "task=classification", *overrides]
    config = plan("config", lines).jobs[0].config
    config.model = {"kind": "lightning", "_target_": "pytorch_lightning.LightningModule"}
    return config


def test_a_lightning_module_is_tried_as_one():
    [found] = preflight_mistakes([own()])
    assert "LightningModule lacks training_step, validation_step, configure_optimizers" in found


def test_a_config_that_chooses_nothing_is_told_so(checked):
    config = plan("config", ["hydra.mode=RUN"]).jobs[0].config
    config.data = config.model = None
    config.task.name = config.task.metric.name = None
    assert [line.split(":")[0] for line in preflight_mistakes([config])] == [
        *("data", "model", "task.name has no value", "task.metric.name has no value"),
    ]


def test_an_unknown_kind_of_model_is_named(checked):
    [found] = checked("+model.kind=nett")
    assert found.startswith("model.kind=nett: expected lightning, for a LightningModule")
