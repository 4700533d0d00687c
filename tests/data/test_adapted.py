"""A plain LightningDataModule with what bakeoff needs of data beside it."""

import pytest
import pytorch_lightning as pl
import torch
from torch.utils.data import DataLoader, Dataset, TensorDataset, random_split

from bakeoff.data import adapted
from bakeoff.data.adapted import Adapted
from bakeoff.errors import BakeoffError


class Blobs(pl.LightningDataModule):
    """60 points of 3 classes, split by the global generator as many modules do."""

    change = 0.0  # of one sample, the last

    def __init__(self, uint8: bool = False) -> None:
        super().__init__()
        self.uint8 = uint8
        self.stages: list[str] = []

    def setup(self, stage):
        self.stages.append(stage)
        x = torch.arange(300.0).reshape(60, 5)
        x[-1, -1] += self.change
        x = (x / 2).to(torch.uint8) if self.uint8 else x
        self.parts = random_split(TensorDataset(x, torch.arange(60) % 3), [40, 10, 10])

    def train_dataloader(self):
        return DataLoader(self.parts[0], 8, shuffle=True)

    def val_dataloader(self):
        return DataLoader(self.parts[1], 4)

    def test_dataloader(self):
        return DataLoader(self.parts[2], 4)


def ready(module: pl.LightningDataModule, **said) -> Adapted:
    data = Adapted(module, **said)
    data.prepare_data()
    data.setup("fit")
    return data


def test_shapes_classes_and_types_come_from_the_data():
    data = ready(Blobs())
    assert data.built_for == {"input_shape": (5,), "output_shape": (3,)}
    assert data.input_type is torch.float32 and data.statistics() is None
    assert data.class_names == ("0", "1", "2") and data.batch_size == 4
    assert data.class_counts().sum() == 40 and len(data.class_counts()) == 3


def test_a_module_can_say_its_classes_itself():
    module = Blobs()
    module.class_names = ["a", "b", "c", "d"]
    assert ready(module).output_shape == (4,) and ready(module).class_names == ("a", "b", "c", "d")
    module = Blobs()
    module.num_classes = 7
    assert ready(module).output_shape == (7,)
    assert ready(Blobs(), output_shape=[9]).output_shape == (9,)


def test_labels_of_very_many_samples_are_not_counted(monkeypatch):
    monkeypatch.setattr(adapted, "COUNTED", 30)
    with pytest.raises(
        BakeoffError, match=r"Blobs does not suit .*output_shape=\[10\], or as num_"
    ):
        _ = ready(Blobs()).built_for


def test_bytes_are_normalized_by_training_samples():
    data = ready(Blobs(uint8=True))
    x = data.splits["train"][:][0].double()
    mean, std = data.statistics()
    assert mean == pytest.approx(float(x.mean())) and std == pytest.approx(
        float(x.std(correction=0)), rel=1e-5
    )


def test_splits_and_fingerprint_are_those_of_every_seed():
    found = []
    for seed in (0, 1):
        torch.manual_seed(seed)
        data = ready(Blobs())
        data.setup("test")
        found.append((data.fingerprint, data.test_fingerprint, data.splits["val"][:][1].tolist()))
        assert float(torch.rand(())) == float(torch.manual_seed(seed) and torch.rand(()))
    assert found[0] == found[1]


def test_the_fingerprint_follows_content_size_and_declared_files():
    class Other(Blobs):
        change = 1.0

    class Fewer(Blobs):
        def train_dataloader(self):
            return DataLoader(torch.utils.data.Subset(self.parts[0], range(39)), 8)

    moved = [ready(kind()) for kind in (Blobs, Other)]
    in_val = 299.0 in moved[0].splits["val"][:][0]  # where the sample that differs lies
    in_test = (moved[0].setup("test"), moved[1].setup("test")) and 299.0 in moved[0].splits["test"][
        :
    ][0]
    assert (moved[0].fingerprint != moved[1].fingerprint) == in_val
    assert (moved[0].test_fingerprint != moved[1].test_fingerprint) == in_test
    found = {ready(Blobs()).fingerprint, ready(Blobs(), content="of files").fingerprint}
    assert len({*found, ready(Fewer()).fingerprint}) == 3


def test_a_change_of_a_validation_sample_or_a_training_target_is_noticed():
    class Given(Blobs):
        def __init__(self, x, y):
            super().__init__()
            self.x, self.y = x, y

        def setup(self, stage):
            part = TensorDataset(self.x, self.y)
            self.parts = [part, part, part]

    x, y = torch.rand(50, 5), torch.arange(50) % 3
    base = ready(Given(x, y)).fingerprint
    other = x.clone()
    other[17, 2] += 1e-3
    assert ready(Given(x.clone(), y)).fingerprint == base
    assert ready(Given(other, y)).fingerprint != base
    assert ready(Given(x, y.flip(0))).fingerprint != base


def test_the_test_split_is_made_for_the_stage_test_alone():
    module = Blobs()
    data = ready(module)
    data.setup("validate")
    data.setup("fit")
    assert module.stages == ["fit"] and set(data.splits) == {"train", "val"}
    data.setup("test")
    assert module.stages == ["fit", "test"]
    assert [len(batch[1]) for batch in data.test_dataloader()] == [4, 4, 2]
    assert data.units("test").of_example.tolist() == list(range(10))


def test_batches_that_do_not_suit_nets_are_no_pairs_and_say_how_they_would():
    class Named(Blobs):
        def setup(self, stage):
            super().setup(stage)
            self.parts = [[{"x": x, "y": y} for x, y in part] for part in self.parts]

    data = ready(Named())
    assert not data.is_pairs and len(data.fingerprint) == 64
    data.check()
    with pytest.raises(BakeoffError, match=r"does not suit bakeoff's nets: .*input=x .*target=y"):
        _ = data.built_for
    picked = ready(Named(), input="x", target="y")
    assert picked.is_pairs and picked.output_shape == (3,)
    x, y = next(iter(picked.val_dataloader()))
    assert x.shape == (4, 5) and y.shape == (4,)
    with pytest.raises(BakeoffError, match="expected input and target both"):
        Adapted(Named(), input="x")


class Drawn(Dataset):
    def __init__(self, of: str) -> None:
        self.of = of

    def __len__(self) -> int:
        return 12

    def __getitem__(self, index):
        x, y = torch.zeros(2), index % 3
        if self.of == "inputs":
            x = torch.rand(2)
        elif self.of == "targets":
            y = int(torch.randint(3, ()))
        elif self.of == "broken":
            raise KeyError("no such file")
        return x, y


def drawn(train: str, val: str) -> Adapted:
    module = Blobs()
    module.setup = lambda stage: setattr(module, "parts", [Drawn(train), Drawn(val), Drawn("no")])
    return ready(module)


def test_samples_that_change_are_found_where_they_would_decide():
    drawn("inputs", "no").check()  # random transforms of the training
    assert drawn("targets", "no").fingerprint == drawn("targets", "no").fingerprint
    with pytest.raises(BakeoffError, match="validation samples are others each time"):
        drawn("no", "inputs").check()
    with pytest.raises(BakeoffError, match="samples cannot be read: KeyError: 'no such file'"):
        drawn("no", "broken").check()


def test_training_batches_come_in_order_where_nothing_shuffles():
    data = ready(Blobs())
    data.shuffled = False
    found = torch.cat([y for _, y in data.train_dataloader()])
    assert torch.equal(found, data.splits["train"][:][1])


def test_transfers_are_the_modules_own():
    class Moving(Blobs):
        def on_after_batch_transfer(self, batch, dataloader_idx):
            return "moved"

    assert Adapted(Moving()).on_after_batch_transfer(None, 0) == "moved"
    assert Adapted(Blobs()).on_after_batch_transfer("as it was", 0) == "as it was"
