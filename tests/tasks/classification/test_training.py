"""Nets of both kinds through the whole way: config, data, Lightning, record, checkpoint."""

import json
import re
from pathlib import Path

import pytest
import torch
from hydra import compose, initialize_config_dir

from bakeoff.run.fit import fit
from bakeoff.run.parts.build import build_data, build_module
from bakeoff.store import paths
from bakeoff.store.record import Metric, RunRecord
from bakeoff.sweep.preflight import preflight_mistakes

QUICK = [
    "task=classification",
    "optimizer=sgd",
    "optimizer.lr=0.05",
    "model.hidden=[32]",
    "data.batch_size=64",
]


def composed(*overrides: str):
    with initialize_config_dir(str(paths.conf_dir().resolve()), version_base="1.3"):
        return compose("config", list(overrides))


def trained(folder: Path, *overrides: str) -> RunRecord:
    config = composed(*QUICK, *overrides)
    metric = Metric(config.task.metric.name, config.task.metric.direction)
    record = RunRecord("x", "running", "test", "classification", "x", [], config.seed, metric)
    folder.mkdir(exist_ok=True)
    fit(config, record, folder, show_progress=False)
    record.write(folder)
    return record


@pytest.mark.parametrize(
    "settings",
    [
        ["trainer.max_epochs=8"],
        [
            "model.dropout=0.2",
            "regularization=l1",
            "trainer.max_epochs=2",
            "+trainer.accumulate_grad_batches=3",
        ],
        [
            "optimizer=adamw",
            "regularization.l2=0.1",
            "regularization.decoupled=true",
            "trainer.max_epochs=2",
            "loss=classification/squared_error",
        ],
    ],
    ids=["plain", "dropout, L1, accumulated", "AdamW, decoupled L2, squared error"],
)
def test_by_hand_and_by_autograd_the_training_is_the_same(tmp_path, monkeypatch, settings):
    theirs = trained(tmp_path / "autograd", "model=mlp/standard", *settings)

    def refuse(*_, **__):
        raise AssertionError("autograd was used")

    monkeypatch.setattr(torch.Tensor, "backward", refuse)
    ours = trained(tmp_path / "scratch", "model=scratch/mlp", *settings)
    assert (ours.status, theirs.status) == ("completed", "completed"), (ours.error, theirs.error)
    assert ours.metrics == pytest.approx(theirs.metrics, abs=2e-4)
    assert ours.parameters == theirs.parameters
    states = [
        torch.load(tmp_path / name / "checkpoints" / "best.ckpt", weights_only=True)["state_dict"]
        for name in ("scratch", "autograd")
    ]
    assert list(states[0]) == list(states[1])
    for key, value in states[0].items():
        torch.testing.assert_close(value, states[1][key], rtol=0, atol=2e-4)
    if settings == ["trainer.max_epochs=8"]:
        assert ours.metrics["accuracy"] > 0.93


def test_a_checkpoint_by_hand_predicts_as_the_trained_net_did(tmp_path):
    record = trained(tmp_path, "model=scratch/mlp", "trainer.max_epochs=2")
    config = composed(*QUICK, "model=scratch/mlp", "seed=7")
    data = build_data(config)
    data.setup("fit")
    module = build_module(config, data).eval()
    content = torch.load(tmp_path / "checkpoints" / "best.ckpt", weights_only=True)
    module.load_state_dict(content["state_dict"])
    images, labels = data.splits["val"].tensors
    right = (module(images).argmax(1) == labels).double().mean()
    assert float(right) == pytest.approx(record.metric.value)


def test_what_is_measured_is_in_the_record(tmp_path):
    plain = trained(tmp_path / "plain", "model=mlp/standard", "trainer.max_epochs=4")
    sparse = trained(
        tmp_path / "sparse",
        "model=scratch/mlp",
        "trainer.max_epochs=4",
        "regularization.l1=0.05",
        "regularization.decoupled=true",
    )
    expected = {"accuracy", "cross_entropy", "macro_f1", "loss", "gap", "sparsity"}
    assert set(plain.metrics) == expected
    assert plain.metrics["sparsity"] < 0.05 < 0.2 < sparse.metrics["sparsity"]
    assert json.loads((tmp_path / "sparse" / "run.json").read_text())["status"] == "completed"


def test_a_loss_that_is_not_finite_is_a_status(tmp_path):
    record = trained(
        tmp_path,
        "model=scratch/mlp",
        "optimizer.lr=1e30",
        "trainer.gradient_clip_val=null",
        "trainer.max_epochs=2",
    )
    assert record.status == "diverged"
    assert "not finite since step" in record.error


@pytest.mark.parametrize("task", ["localization", "detection"])
def test_a_negative_seed_of_canvases_is_named(task):
    [found] = preflight_mistakes([composed(f"task={task}", "data.seed=-1")])
    assert "data.seed is -1: expected a whole number" in found


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["model.activation=rellu"], "model: activation is 'rellu': expected one of identity"),
        (["model=scratch/mlp", "model.batch_norm=true"], r"BatchNorm1d\(.*is not written by hand"),
        (
            ["model=scratch/mlp", "loss=localization"],
            "LocalizationLoss has no derivative written by hand",
        ),
        (["model=lenet5/standard"], "LeNet5 with 2 convolutions cannot take images of 8x8"),
        (["data.classes=[3]"], "data: the classes are 3: expected at least two"),
        (["data.seed=-1"], "data: data.seed is -1: expected a whole number"),
        (["data.fold=1"], "data.fold is 1, but data.folds is null"),
        (["data=classification/folder"], "data.source.path has no value: set it"),
        (
            ["+trainer.compile=fast"],
            "trainer.compile=fast: expected null or one of default, reduce",
        ),
    ],
)
def test_mistakes_are_found_before_anything_trains(overrides, message):
    found = preflight_mistakes([composed("task=classification", *overrides)])
    assert re.search(message, "\n".join(found))


def test_an_optimizer_that_is_not_written_by_hand_is_an_error_of_the_run(tmp_path):
    record = trained(
        tmp_path,
        "model=scratch/mlp",
        "optimizer._target_=torch.optim.RMSprop",
    )
    assert record.status == "failed"
    assert "RMSprop is not written by hand" in record.error
