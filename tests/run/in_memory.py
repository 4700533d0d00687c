"""A run of a second: numbers in memory, a small net, and all that a real run leaves in its folder."""

from pathlib import Path

import torch
from omegaconf import DictConfig, OmegaConf

from bakeoff.data.batches import Tensors
from bakeoff.data.split_names import SPLITS
from bakeoff.data.splits import SplitData
from bakeoff.run.fit import fit
from bakeoff.run.predictions import predictions
from bakeoff.showcase.exhibits import Table
from bakeoff.store import atomic
from bakeoff.store.digest import digest
from bakeoff.store.record import Metric, RunRecord

SETTINGS = f"""
experiment: memory
seed: 0
patience: null
threads: 1
data: {{_target_: {__name__}.Pairs, batch_size: 16, test: 30}}
model: {{_target_: bakeoff.nets.mlp.MLP, hidden: [4], activation: tanh, dropout: 0.0, batch_norm: false}}
loss: {{_target_: bakeoff.tasks.classification.loss.CrossEntropy, label_smoothing: 0.0}}
optimizer: {{_target_: torch.optim.SGD, _partial_: true, lr: 0.3}}
scheduler: null
augment: null
regularization: null
trainer: {{_target_: pytorch_lightning.Trainer, max_epochs: 3, accelerator: cpu, log_every_n_steps: 50}}
task:
  name: pairs
  metric: {{name: cross_entropy, direction: min}}
  metrics: {{_target_: bakeoff.metrics.classification.ClassificationMetrics}}
  showcase: null
"""


class Pairs(SplitData):
    """Pairs of numbers; the class says which one is larger. The splits differ in their sizes and means."""

    input_shape = (2,)
    output_shape = (2,)
    class_names = ("first", "second")

    def __init__(self, batch_size: int, test: int) -> None:
        super().__init__(batch_size)
        self.sizes = {"train": 64, "val": 40, "test": test}
        self.loaded: list[str] = []

    def load(self, split: str) -> Tensors:
        self.loaded.append(split)
        number = SPLITS.index(split)
        generator = torch.Generator().manual_seed(number)
        inputs = 0.5 * number + 2 * torch.randn(self.sizes[split], 2, generator=generator)
        return Tensors(inputs, (inputs[:, 1] > inputs[:, 0]).long())

    @property
    def fingerprint(self) -> str:
        return digest(self.sizes)


class Listed:
    """Exhibits the targets and the outputs of a split as they are."""

    def exhibits(self, module, data, split, seed) -> dict[str, Table]:
        _, output, targets = predictions(module, data, split)
        rows = torch.column_stack([targets, output]).tolist()
        return {"all answers": Table(["target", "first", "second"], rows, f"seed {seed}")}


def config(*overrides: str) -> DictConfig:
    """The settings of a run, changed by overrides such as `seed=1`."""
    made = OmegaConf.create(SETTINGS)
    made.merge_with_dotlist(list(overrides))
    return made


def data(*overrides: str) -> Pairs:
    """The data of a run, set up for training and for the test."""
    made = Pairs(**{k: v for k, v in config(*overrides).data.items() if k != "_target_"})
    made.setup("fit")
    made.setup("test")
    return made


def run(folder: Path, *overrides: str) -> RunRecord:
    """Trains in `folder`, named by the run, and leaves there what a run leaves; its record."""
    settings = config(*overrides)
    metric = Metric(settings.task.metric.name, settings.task.metric.direction)
    record = RunRecord(
        folder.name, "running", "memory", "pairs", "mlp", list(overrides), settings.seed, metric
    )
    atomic.write_text(folder / ".hydra" / "config.yaml", OmegaConf.to_yaml(settings))
    record.write(folder)
    fit(settings, record, folder, show_progress=False)
    record.write(folder)
    return record
