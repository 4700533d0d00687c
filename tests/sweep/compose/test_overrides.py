"""Mistakes in overrides, each answered with what is valid."""

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.store import paths
from bakeoff.sweep.compose.overrides import quoted
from bakeoff.sweep.plan import plan

LOCALIZATION = paths.experiment_dir("localization")


def mistakes(*overrides: str) -> list[str]:
    with pytest.raises(BakeoffError) as error:
        plan("localization", overrides, LOCALIZATION)
    return str(error.value).split("\n")


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("optimizer.lrr=1", "did you mean 'optimizer.lr'"),
        ("optimiser.lr=1", "did you mean 'optimizer.lr'"),
        ("model=lenet5/dep", "did you mean 'lenet5/deep'"),
        ("model=lenet5/deep,lenet5/standart", "did you mean 'lenet5/standard'"),
        ("data=localization/minst", "did you mean 'localization/mnist'"),
        ("optimizer.lr=fast", "optimizer.lr=fast: expected a number"),
        ("optimizer.lr=1e-3,quick", "optimizer.lr=quick: expected a number"),
        ("trainer.max_epochs=2.5", "trainer.max_epochs=2.5: expected a whole number"),
        ("optimizer.fused=2", "expected true or false"),
        ("data.distortion.scale=2", "expected a list"),
        ("hydra.launcher.n_job=2", "did you mean 'hydra.launcher.n_jobs'"),
        ("seed=[", "no viable alternative"),
        ("~optimizer.momentum", "no such key"),
        ("+optimizer.lr=1", "+optimizer.lr=1: optimizer.lr is there already: leave the + away"),
        ("+seed=1", "seed is there already"),
        ("~optimizer.fused=false", "optimizer.fused is True: leave the value away"),
        ("~trainer", "~trainer: every run has trainer: set it"),
        ("~seed", "~seed: every run has seed"),
        ("~selection.margin", "~selection.margin: selection.margin is null, as if it was deleted"),
        ("model=null", "must be a string"),
        ("callbacks=[lr_monitor,emma]", "did you mean 'ema'"),
        ("callbacks=xyz", "callbacks=xyz: no such option; there are"),
        (
            "data.noise=3",
            "data.noise=3: expected settings, as in data.noise={name: value}, or null",
        ),
    ],
)
def test_a_mistake_is_answered_with_what_is_valid(override, said):
    assert said in "\n".join(mistakes(override))


def test_all_mistakes_at_once():
    found = mistakes("optimizer.lrr=3", "trainer.max_epochs=2.5", "optimizer.lr=fast")
    assert len(found) == 3


@pytest.mark.parametrize(
    "override",
    ["optimizer.lr=1", "+trainer.limit_val_batches=2", "+patience=3", "~scheduler",
     "~optimizer.fused", "~optimizer.fused=true", "augment=shift", "patience=3",
     "scheduler=null", "augment=null", "callbacks=null", "callbacks=lr_monitor",
     "callbacks=[lr_monitor,ema]", "+callbacks.mine._target_=package.Mine",
     "data.noise={level: 0.1}", "optimizer.weight_decay=0"],
)  # fmt: skip
def test_what_is_valid_passes(override):
    assert len(plan("localization", [override], LOCALIZATION).jobs) == 6


@pytest.mark.parametrize("text", ["a b", "it's", "x=1,2", "${HOME}", "päth", "[1]{2}"])
def test_any_text_is_a_value_when_quoted(text):
    value = OverridesParser.create().parse_override(f"key={quoted(text)}").value()
    assert OmegaConf.create({"key": value}).key == text
