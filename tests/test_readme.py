"""Every command that README.md shows, taken from there: it composes, and what it names exists."""

import argparse
import re
import shlex
import sys
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from bakeoff.cli import VERBS
from bakeoff.store.plan_file import SINGLE
from bakeoff.sweep.compose.primary import located
from bakeoff.sweep.plan import plan
from bakeoff.sweep.signatures import signature_mistakes
from bakeoff.verbs.hydra_options import is_override

README = Path(__file__).parents[1] / "README.md"
BLOCK = re.compile(r"^```\n(.*?)^```", re.MULTILINE | re.DOTALL)
# What a reader would have: a callback, an optimizer, a metric, and a network with its YAML.
MYPKG = """
import torch
from pytorch_lightning.callbacks import Callback
from torch import nn
from torch.optim import Optimizer
from torchmetrics.classification import MulticlassCalibrationError


class Say(Callback):
    def on_train_epoch_end(self, trainer, module):
        print("an epoch is done")


class Lion(Optimizer):
    def __init__(self, params, lr=1e-4, weight_decay=0.0):
        super().__init__(params, {"lr": lr, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure=None):
        loss = None if closure is None else torch.enable_grad()(closure)()
        for group in self.param_groups:
            for p in (p for p in group["params"] if p.grad is not None):
                moment = self.state[p].setdefault("moment", torch.zeros_like(p))
                update = (0.9 * moment + 0.1 * p.grad).sign_()
                p.mul_(1 - group["lr"] * group["weight_decay"]).add_(update, alpha=-group["lr"])
                moment.lerp_(p.grad, 0.01)
        return loss


class CalibrationError(MulticlassCalibrationError):
    def __init__(self):
        super().__init__(num_classes=10)


class Wide(nn.Module):
    def __init__(self, input_shape, output_shape, width):
        super().__init__()
        inputs, outputs = torch.Size(input_shape).numel(), torch.Size(output_shape).numel()
        self.layers = nn.Sequential(
            nn.Flatten(), nn.Linear(inputs, width), nn.ReLU(), nn.Linear(width, outputs)
        )
        self.output_shape = output_shape

    def forward(self, x):
        return self.layers(x).reshape(-1, *self.output_shape)
"""
FOREST = "forest: {_target_: sklearn.ensemble.RandomForestRegressor, at_most: 2000}\n"
FEW = ["+trainer.limit_train_batches=2", "+trainer.limit_val_batches=2"]
SMALL = ["data.sizes.train=96", "data.sizes.val=40", "data.sizes.test=40"]


def commands() -> list[str]:
    """The command lines in blocks of README.md, each whole."""
    blocks = "\n".join(BLOCK.findall(README.read_text(encoding="utf-8")))
    lines = blocks.replace("\\\n", " ").splitlines()
    return [line.removeprefix("$ ") for line in lines if re.match(r"(\$ )?bakeoff \w", line)]


@pytest.fixture
def place(tmp_path: Path, monkeypatch) -> Path:
    """A reader's folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "mypkg", raising=False)  # that of another test's folder
    (tmp_path / "mypkg.py").write_text(MYPKG)
    for group in ("model", "baselines"):
        (tmp_path / "mine" / group).mkdir(parents=True)
    (tmp_path / "mine" / "baselines" / "forest.yaml").write_text(FOREST)
    (tmp_path / "mine" / "model" / "wide.yaml").write_text("_target_: mypkg.Wide\nwidth: 64\n")
    return tmp_path


def is_shown_as_wrong(line: str) -> bool:
    return "optimizer.lrr" in line


@pytest.mark.parametrize("line", [line for line in commands() if not is_shown_as_wrong(line)])
def test_a_command_is_understood(place, line):
    _, verb, *words = shlex.split(line)
    if verb not in ("run", "check", "train"):
        parser = argparse.ArgumentParser("bakeoff")
        verbs = parser.add_subparsers()
        for module in VERBS:
            module.add(verbs)
        parser.parse_args([verb, *words])
        return
    [name] = [word for word in words if not is_override(word) and word != "-m"] or [SINGLE]
    folder, overrides = located(name, None, [word for word in words if is_override(word)])
    planned = plan(name, overrides, folder, multirun=verb == "run")
    for job in planned.candidates:
        config = job.config
        parts = OmegaConf.masked_copy(config, [key for key in config if key != "hydra"])
        assert not list(signature_mistakes(OmegaConf.to_container(parts, resolve=True)))


@pytest.mark.slow
def test_the_commands_of_single_runs_train(workplace):
    """In their order, with a few batches each, after a bake-off of localization."""
    (workplace.folder / "mypkg.py").write_text(MYPKG)
    first = ["run", "localization", "model=lenet5/standard", "seed=0", "trainer.max_epochs=1"]
    lines = [first, *(shlex.split(line)[1:] for line in commands())]
    for words in lines:
        if words[0] == "train" or words is first:
            size = [] if "task=classification" in words else SMALL
            done = workplace.run(*words, *size, *FEW)
            assert done.returncode == 0, (words, done.stderr)
