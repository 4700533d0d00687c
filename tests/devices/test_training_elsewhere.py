"""Every task trains, is tested and shown on a device that is not the CPU, without mixing devices.

The device is a made-up one (`tests.devices.elsewhere`, which says what that proves): each call that would
mix the device's tensors with the CPU's raises as on a GPU. The numbers must be those of the CPU.
"""

from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf
from tests.devices.elsewhere import ELSEWHERE, Elsewhere, train_elsewhere

from bakeoff.run import fit as fitting
from bakeoff.run.parts.instantiate import instantiate
from bakeoff.run.read_back import read_run
from bakeoff.select.evaluation import evaluate
from bakeoff.store import paths
from bakeoff.store.record import Metric, RunRecord

TEXT = "the cat sat on the mat . a dog is in the house , and it was in the garden . "
TASKS = {
    "classification": ["model=mlp/standard", "augment=jitter", "model.dropout=0.1"],
    "classification by hand": [
        "model=scratch/mlp",
        "regularization=l1",
        "loss=classification/squared_error",
    ],
    "localization": [
        "model=lenet5/shallow",
        "augment=shift",
        "data.sizes={train:60,val:20,test:20}",
    ],
    "detection": ["model=resnet/grid", "data.sizes={train:60,val:20,test:20}"],
    "detection, focal": ["loss.focus=2.0", "augment=shift", "data.sizes={train:60,val:20,test:20}"],
    "embedding": ["model=word_mlp/wide", "model.tied=true", "loss.balance=0.5", "data.before=2"],
    "conjugation": ["model=word_attention", "data.forms=[is,was]", "loss.balance=0.5"],
    "generation": ["model=language_model/lstm_deep", "data.length=4", "loss.balance=0.5"],
    "generation, GRU": ["model=language_model/gru", "data.length=4", "loss.label_smoothing=0.1"],
    "generation, transformer": ["model=language_model/transformer", "data.length=4"],
}


@pytest.fixture(scope="module")
def texts(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("texts")
    for split, times in (("train", 20), ("val", 4), ("test", 4)):
        (folder / split).mkdir()
        (folder / split / "a.txt").write_text(TEXT * times)
    return folder


def trained(folder: Path, overrides: list[str]) -> RunRecord:
    """A run in `folder`, as `bakeoff train` leaves it."""
    with initialize_config_dir(str(paths.conf_dir().resolve()), version_base="1.3"):
        config = compose("config", overrides)
    metric = Metric(config.task.metric.name, config.task.metric.direction)
    record = RunRecord("x", "running", "test", config.task.name, "x", [], config.seed, metric)
    (folder / ".hydra").mkdir(parents=True)
    OmegaConf.save(config, folder / ".hydra" / "config.yaml")
    fitting.fit(config, record, folder, show_progress=False)
    record.write(folder)
    assert record.status == "completed", record.error
    return record


@pytest.mark.parametrize("name", TASKS)
def test_a_task_never_mixes_devices(name, tmp_path, texts, monkeypatch):
    task = name.split(",")[0].split(" ")[0]
    overrides = [f"task={task}", *TASKS[name], f"data_dir={tmp_path / 'data'}"]
    overrides += ["trainer.max_epochs=1", "data.batch_size=8"]
    if task in ("embedding", "conjugation", "generation"):
        overrides.append(f"data={task}/folder")
        overrides.append(f"data.corpus.source.folder={texts}")
    if task == "conjugation":
        overrides += ["data.before=2", "data.after=2"]
    if task == "generation":
        overrides += ["task.showcase.prompts=[the cat]", "task.showcase.words=4"]
    expected = trained(tmp_path / "cpu", overrides)
    train_elsewhere(monkeypatch)
    with Elsewhere() as device:
        run = trained(tmp_path / "there", overrides)
        assert run.environment["device"] == str(ELSEWHERE)
        config, data, module = read_run(tmp_path / "there", run)
        data.setup("test")
        evaluate(run.id, name, config, data, module)
        module.to(ELSEWHERE)
        assert device.holds(next(module.parameters()))
        showcase = instantiate(config.task, "showcase")
        for split in ("val", "test"):
            showcase.exhibits(module, data, split, seed=0)
    assert run.metrics == pytest.approx(expected.metrics, rel=1e-5)
