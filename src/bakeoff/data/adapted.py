"""A plain LightningDataModule of the user's own, with what bakeoff needs of data beside it."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import pytorch_lightning as pl
import torch
from pytorch_lightning.utilities.model_helpers import is_overridden
from torch import Tensor
from torch.utils.data import DataLoader

from bakeoff.data.batch_format import Format, parts_mistakes, read_format
from bakeoff.data.normalization import value_statistics
from bakeoff.data.repeated import READ, repeated_mistake
from bakeoff.data.samples import Key, Samples, content_digest, fixed_draws, spread
from bakeoff.data.splits import STAGES, Units
from bakeoff.data.user_module import UserModule, first_line
from bakeoff.errors import BakeoffError
from bakeoff.store.digest import digest

log = logging.getLogger(__name__)

# Of what the module draws in its setup, such as a random split: all runs get the same data.
SEED = 0
SAMPLED = 1000  # samples of a split that stand for its content
COUNTED = 20_000  # samples whose labels are counted to find the classes
TRANSFERS = ("on_before_batch_transfer", "transfer_batch_to_device", "on_after_batch_transfer")


class Adapted(pl.LightningDataModule):
    """Data of the LightningDataModule `module`, whose loaders stay as they are.

    `input` and `target` are the places or names of both in a batch; without them a batch is (inputs,
    targets). `output_shape` is the shape of what a net gives for one sample; without it, it is that of a
    target of floats, and one logit per class for labels. `content` is a digest of the files that the
    module declares, None where it declares none.

    - The stage `fit` of the module makes training and validation data; its stage `test` is asked for at
      the sealed test alone. What the module draws then, it draws from a fixed seed, whatever the run's.
    - The fingerprint is a digest of `content`, of the number of training and validation samples, of at most
      SAMPLED samples spread over the validation split, and of as many training targets.
    - Floats reach a net as they are; uint8 values are normalized by at most SAMPLED training samples.

    Raises BakeoffError that says all that the module lacks.
    """

    inputs = "samples of a data module of your own"
    artifacts: ClassVar[Mapping[str, Path]] = {}
    shuffled = True  # False: training batches come in the order of the data

    def __init__(
        self,
        module: pl.LightningDataModule,
        input: Key | None = None,
        target: Key | None = None,
        output_shape: Sequence[int] | None = None,
        content: str | None = None,
    ) -> None:
        super().__init__()
        if (input is None) != (target is None):
            raise BakeoffError("data.adapt: expected input and target both, or neither")
        self.module = module
        self.own = UserModule(module, None if input is None else (input, target))
        self.shape = None if output_shape is None else tuple(output_shape)
        self.content = content
        self.prepare_data_per_node = module.prepare_data_per_node
        self.splits: dict[str, Samples] = {}
        self._made: set[str] = set()
        for name in TRANSFERS:
            if is_overridden(name, module):
                setattr(self, name, getattr(module, name))

    # What Lightning calls.

    def prepare_data(self) -> None:
        """Let the module prepare its data, once. Raises BakeoffError where that fails."""
        if "prepared" not in self._made:
            self.own.call("prepare_data")
            self._made.add("prepared")

    def setup(self, stage: str) -> None:
        """Let the module set up what a stage of Lightning needs, once. Raises BakeoffError."""
        self.module.trainer = self.trainer
        of_module = "test" if stage == "test" else "fit"  # few modules know the stage `validate`
        if of_module not in self._made:
            with fixed_draws(SEED):
                self.own.call("setup", of_module)
            self._made.add(of_module)
        for split in STAGES[stage]:
            self.splits.setdefault(split, Samples(self.own.loader(split)))

    def train_dataloader(self) -> DataLoader:
        """The module's own; in the order of the data where `shuffled` is off."""
        loader = self.own.loader("train")
        if self.shuffled:
            return loader
        return DataLoader(loader.dataset, loader.batch_size, collate_fn=loader.collate_fn)

    def val_dataloader(self) -> DataLoader:
        """The module's own."""
        return self.own.loader("val")

    def test_dataloader(self) -> DataLoader:
        """The module's own."""
        return self.own.loader("test")

    def state_dict(self) -> dict[str, Any]:
        """The module's own."""
        return self.module.state_dict()

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """The module's own."""
        self.module.load_state_dict(state_dict)

    # What bakeoff asks of data.

    @property
    def built_for(self) -> dict[str, Any]:
        """What a net is built for; needs `setup("fit")`. Raises BakeoffError."""
        return {"input_shape": self.input_shape, "output_shape": self.output_shape}

    def net_arguments(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """`built_for`: no object stands for one of the model's `settings`."""
        return self.built_for

    @property
    def batch_size(self) -> int:
        """Of the validation batches."""
        return self.own.loader("val").batch_size

    @property
    def is_pairs(self) -> bool:
        """Whether batches are (inputs, targets), as nets of bakeoff's kind need them."""
        return not parts_mistakes(self._first)

    @cached_property
    def format(self) -> Format:
        """What the first batch says. Raises BakeoffError that lists all that a net must know beside."""
        found = read_format(self._first, self.shape, self._classes)
        if isinstance(found, Format):
            return found
        raise self.own.error(f" does not suit bakeoff's nets: {'; '.join(found)}")

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Of one sample."""
        return self.format.input_shape

    @property
    def input_type(self) -> torch.dtype:
        """Of the inputs of a net."""
        return self.format.input_type

    @property
    def output_shape(self) -> tuple[int, ...]:
        """Of what a net gives for one sample."""
        return self.format.output_shape

    @property
    def class_names(self) -> tuple[str, ...]:
        """The module's `class_names` or `classes`, or numbers. Raises BakeoffError without classes."""
        names = self._class_names()
        if names is None and self.format.classes is None:
            raise self.own.error(": the targets are no classes, so there are no names")
        return tuple(map(str, range(self.format.classes) if names is None else names))

    @property
    def fingerprint(self) -> str:
        """As the class says; needs `setup("fit")`."""
        train, val = (self._samples(split).dataset for split in ("train", "val"))
        rows = spread(len(val), SAMPLED)
        with fixed_draws(SEED):
            content = content_digest(val[i] for i in rows)
            targets = content_digest(self._training_targets(spread(len(train), SAMPLED)))
        if len(rows) < len(val) and self.content is None:
            log.info("data: %d of %d validation samples are its fingerprint", len(rows), len(val))
        return digest([self.content, len(train), len(val), content, targets])

    @property
    def test_fingerprint(self) -> str:
        """SHA-256 of all test samples; needs `setup("test")`."""
        test = self._samples("test").dataset
        with fixed_draws(SEED):
            return content_digest(test[i] for i in range(len(test)))

    def units(self, split: str) -> Units:
        """What is independent in a split that is set up: each sample."""
        return Units(torch.arange(len(self.splits[split])), "samples")

    def statistics(self) -> tuple[Tensor, Tensor] | None:
        """Mean and standard deviation of uint8 inputs; None of others, which are not normalized."""
        if self._first[0].dtype is not torch.uint8:
            return None
        train = self._samples("train")
        with fixed_draws(SEED):
            return value_statistics(train[spread(len(train), SAMPLED)][0])

    def class_counts(self) -> Tensor:
        """How many training samples each class has. Raises BakeoffError where nobody can count them."""
        train, classes = self._samples("train"), self.format.classes
        if classes is None or len(train) > COUNTED:
            raise self.own.error(
                " has no classes that can be counted for this loss: choose another loss"
            )
        with fixed_draws(SEED):
            return sum(torch.bincount(target, minlength=classes) for target in train.targets())

    def check(self) -> None:
        """See that two readings of the data are equal; needs `setup("fit")`. Raises BakeoffError."""
        rows = spread(len(self._samples("train")), READ)
        validation = self._samples("val").dataset
        try:
            mistake = repeated_mistake(validation, lambda: self._training_targets(rows), SEED)
        except BakeoffError:
            raise
        except Exception as error:  # a user's data set can raise anything
            raise self.own.error(f": its samples cannot be read: {first_line(error)}") from error
        if mistake:
            raise self.own.error(f": {mistake}")

    @cached_property
    def _first(self) -> Any:
        """The first validation batch."""
        val = self._samples("val")
        with fixed_draws(SEED):
            return val[: min(self.batch_size, len(val))]

    def _samples(self, split: str) -> Samples:
        return self.splits[split] if split in self.splits else Samples(self.own.loader(split))

    def _training_targets(self, rows: list[int]) -> Iterator[Any]:
        if self.is_pairs:
            train = self._samples("train")
            yield from (train[[i]][1] for i in rows)

    def _class_names(self) -> Sequence[str] | None:
        for name in ("class_names", "classes"):
            found = getattr(self.module, name, None)
            if isinstance(found, list | tuple):
                return found
        return None

    def _classes(self) -> int | None:
        """The number of classes, as the module says it or as its labels show; None where it is unknown."""
        known = getattr(self.module, "num_classes", None) or len(self._class_names() or ())
        parts = [self._samples(split) for split in ("train", "val")]
        if known or sum(map(len, parts)) > COUNTED:
            return known or None
        with fixed_draws(SEED):
            return 1 + max(int(target.max()) for part in parts for target in part.targets())
