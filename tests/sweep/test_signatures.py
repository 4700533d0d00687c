"""Settings bound to signatures."""

import pytest

from bakeoff.sweep.signatures import signature_mistakes


def mistakes(**sections):
    return list(signature_mistakes(sections))


SGD = {"_target_": "torch.optim.SGD", "_partial_": True}
STEP = {"_target_": "torch.optim.lr_scheduler.StepLR", "_partial_": True}
CYCLE = {"_target_": "torch.optim.lr_scheduler.OneCycleLR", "_partial_": True}
TRAINER = {"_target_": "pytorch_lightning.Trainer"}


@pytest.mark.parametrize(
    "section",
    [
        {"optimizer": {**SGD, "lr": 0.1}},
        {"scheduler": {**CYCLE, "max_lr": 1.0}},
        {"trainer": {**TRAINER, "max_epochs": "???"}},
        {"optimizer": {"_target_": "torch.optim.RAdam", "_partial_": True, "fused": True}},
        {"scheduler": {**STEP, "step_size": 3, "interval": "epoch"}},
        {"task": {"metrics": {"_target_": "torchmetrics.MeanMetric", "extra": []}}},
        {"trainer": {"logger": {"_target_": "pytorch_lightning.loggers.CSVLogger"}}},
        {"model": {"_target_": "bakeoff.nets.lenet5.LeNet5"}},  # the data say what it is built for
        {"baselines": {"a": {"_target_": "sklearn.dummy.DummyClassifier", "at_most": 3}}},
        {"baselines": {"a": {"_target_": "bakeoff.tasks.words.baselines.NGram", "order": 1}}},
        {"decode": {"_target_": "operator.itemgetter", "_partial_": True}},
        {"anything": {"_target_": "builtins.dict", "a": 1, "b": 2}},
        {"anything": {"_target_": "builtins.divmod", "_args_": [7, 2]}},
        {"plain": {"lr": 3, "list": [1, "a", {"b": None}]}},
    ],
)
def test_what_fits_passes(section):
    assert mistakes(**section) == []


@pytest.mark.parametrize(
    ("section", "said"),
    [
        (
            {"optimizer": {**SGD, "momentun": 0.9}},
            "optimizer.momentun: torch.optim.SGD has no argument 'momentun'; did you mean 'momentum'",
        ),
        ({"optimizer": {**SGD, "params": []}}, "optimizer.params: torch.optim.SGD has no argument"),
        ({"optimizer": {"_target_": "torch.optim.SGD"}}, "optimizer: expected _partial_: true"),
        ({"scheduler": STEP}, "StepLR needs 'step_size': add it, as in +scheduler.step_size=VALUE"),
        ({"scheduler": CYCLE}, "OneCycleLR needs 'max_lr': add it, as in +scheduler.max_lr=VALUE"),
        (
            {"scheduler": {**CYCLE, "max_lr": 1.0, "total_steps": 3}},
            "scheduler.total_steps: bakeoff passes it to torch.optim.lr_scheduler.OneCycleLR itself",
        ),
        (
            {"trainer": {**TRAINER, "default_root_dir": "x"}},
            "trainer.default_root_dir: bakeoff passes it to",
        ),
        (
            {
                "trainer": {
                    "callbacks": [{"_target_": "pytorch_lightning.callbacks.Timer", "time": 1}]
                }
            },
            "trainer.callbacks[0].time: pytorch_lightning.callbacks.Timer has no argument 'time'",
        ),
        ({"trainer": {**TRAINER, "max_epoch": 3}}, "did you mean 'max_epochs'"),
        (
            {"loss": {"_target_": "torch.nn.NoSuchLoss"}},
            "loss._target_=torch.nn.NoSuchLoss: expected a class or function: module 'torch.nn' has no",
        ),
        (
            {"loss": {"_target_": "no_such_package.Loss"}},
            "loss._target_=no_such_package.Loss: expected a class or function: No module named",
        ),
        (
            {"data": {"parts": [{"source": {"_target_": "bakeoff.images.digits.MnistDigits"}}]}},
            "data.parts[0].source: bakeoff.images.digits.MnistDigits needs 'root'",
        ),
        (
            {"decode": {"_target_": "shutil.copy", "_partial_": True, "source": 1}},
            "decode.source: shutil.copy has no argument 'source'",
        ),
    ],
)
def test_a_mistake_is_named_with_its_key(section, said):
    [line] = mistakes(**section)
    assert said in line


def test_the_arguments_that_are_passed_to_a_trainer_are_those_that_it_has():
    from inspect import signature

    from pytorch_lightning import Trainer

    from bakeoff.sweep.signatures import CALLS

    assert set(CALLS["trainer"].names) <= set(signature(Trainer).parameters)


def test_all_mistakes_are_found():
    assert len(mistakes(optimizer={**SGD, "a": 1, "b": 2}, trainer={**TRAINER, "c": 1})) == 3


def test_a_module_that_raises_is_a_mistake(tmp_path, monkeypatch):
    (tmp_path / "broken_module_of_mine.py").write_text("1 / 0\n")
    monkeypatch.syspath_prepend(tmp_path)
    [line] = mistakes(model={"_target_": "broken_module_of_mine.Net"})
    assert "expected a class or function: ZeroDivisionError" in line
