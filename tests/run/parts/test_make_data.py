"""Which object the data of a config are."""

import sys
import types
from pathlib import Path

import pytest
import pytorch_lightning as pl
import torch
from omegaconf import OmegaConf
from torch.utils.data import DataLoader, TensorDataset

from bakeoff.data.adapted import Adapted
from bakeoff.data.splits import SplitData
from bakeoff.errors import BakeoffError
from bakeoff.run.parts.make_data import make_data


class Plain(pl.LightningDataModule):
    def __init__(self, path: str = "") -> None:
        super().__init__()
        self.drawn = float(torch.rand(()))

    @staticmethod
    def files(path: str = "", **_):
        return {"path": [Path(path)]} if path else {}

    def train_dataloader(self):
        return DataLoader(TensorDataset(torch.zeros(4, 1), torch.arange(4)), 2)

    val_dataloader = test_dataloader = train_dataloader


class Own(SplitData):
    input_shape = output_shape = (1,)


@pytest.fixture(autouse=True)
def mine(monkeypatch):
    module = types.ModuleType("mine")
    module.Plain, module.Own = Plain, Own
    monkeypatch.setitem(sys.modules, "mine", module)


def made(**data):
    return make_data(OmegaConf.create({"data": data}))


def test_data_that_declare_themselves_stay_as_they_are():
    assert isinstance(made(_target_="mine.Own", batch_size=3), Own)
    with pytest.raises(BakeoffError, match=r"data\.adapt: mine\.Own says itself"):
        made(_target_="mine.Own", batch_size=3, adapt={"input": 0})


def test_a_plain_module_is_adapted_with_what_is_said():
    found = made(_target_="mine.Plain")
    assert (
        isinstance(found, Adapted) and (found.own.keys, found.shape, found.content) == (None,) * 3
    )
    found = made(_target_="mine.Plain", adapt={"input": 0, "target": 1, "output_shape": [3]})
    assert (found.own.keys, found.shape) == ((0, 1), (3,))


def test_what_it_draws_does_not_depend_on_the_seed():
    values = set()
    for seed in (0, 1):
        torch.manual_seed(seed)
        values.add(made(_target_="mine.Plain").module.drawn)
    assert len(values) == 1


def test_declared_files_count_by_content(tmp_path):
    found = []
    for name, text in (("a", "1"), ("b", "1"), ("c", "2")):
        (tmp_path / name).write_text(text)
        found.append(made(_target_="mine.Plain", path=str(tmp_path / name)).content)
    # The name of a file that is itself the place of the data does not count.
    assert found[0] == found[1] != found[2]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"_target_": "builtins.dict"}, "data: builtins.dict is a dict: expected a LightningData"),
        (
            {"_target_": "mine.Plain", "adapt": {"inptu": 0}},
            r"data\.adapt\.inptu: no such setting; did you mean 'input'",
        ),
        ({"_target_": "mine.Plain", "adapt": 3}, r"data\.adapt=3: expected input, target, output"),
    ],
)
def test_what_cannot_be_adapted_is_named(data, said):
    with pytest.raises(BakeoffError, match=said):
        made(**data)
