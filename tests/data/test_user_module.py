"""A LightningDataModule of the user's own, called with errors that name it."""

import pytest
import pytorch_lightning as pl
from torch.utils.data import DataLoader

from bakeoff.data.samples import Picked
from bakeoff.data.user_module import UserModule, first_line
from bakeoff.errors import BakeoffError


class Numbers(pl.LightningDataModule):
    def train_dataloader(self):
        return DataLoader([(i, {"is": i}) for i in range(8)], 4)

    val_dataloader = test_dataloader = train_dataloader


def test_all_loaders_that_are_lacking_are_named():
    with pytest.raises(BakeoffError) as caught:
        UserModule(pl.LightningDataModule(), None)
    said = str(caught.value)
    assert all(f"{split}_dataloader: " in said for split in ("train", "val", "test"))


def test_the_loaders_are_the_modules_own():
    batch = next(iter(UserModule(Numbers(), None).loader("val")))
    assert batch[0].tolist() == [0, 1, 2, 3] and batch[1]["is"].tolist() == [0, 1, 2, 3]


def test_inputs_and_targets_are_picked_once_from_each_batch():
    module = Numbers()
    same = module.train_dataloader()
    module.train_dataloader = lambda: same
    own = UserModule(module, (1, 0))
    for loader in (own.loader("train"), own.loader("train")):
        assert isinstance(loader.collate_fn, Picked)
        inputs, targets = next(iter(loader))
        assert inputs["is"].tolist() == targets.tolist() == [0, 1, 2, 3]


def test_an_error_of_the_module_is_told_with_its_place():
    module = Numbers()
    module.val_dataloader = lambda: [module.train_dataloader()] * 2
    module.setup = lambda stage: module.missing
    own = UserModule(module, None)
    with pytest.raises(
        BakeoffError, match=r"Numbers\.val_dataloader gives 2 loaders: expected one"
    ):
        own.loader("val")
    with pytest.raises(BakeoffError, match=r"Numbers\.setup raised AttributeError: .*missing"):
        own.call("setup", "fit")


def test_errors_of_bakeoff_itself_stay_as_they_are():
    module = Numbers()

    def prepare() -> None:
        raise BakeoffError("the disk is full")

    module.prepare_data = prepare
    with pytest.raises(BakeoffError, match=r"^the disk is full$"):
        UserModule(module, None).call("prepare_data")


def test_the_first_line_of_an_error():
    assert first_line(ValueError("one\ntwo")) == "ValueError: one"
    assert first_line(ValueError()) == "ValueError: "
