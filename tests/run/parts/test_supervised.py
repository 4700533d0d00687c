"""The training of nets that carry a state."""

import pytest
import pytorch_lightning as pl
import torch
from tests.devices.elsewhere import Elsewhere, strategy
from tests.run import in_memory

from bakeoff.data.batches import Tensors, loader
from bakeoff.nets.recurrent_language_model import RecurrentLanguageModel
from bakeoff.run.parts.build import build_module
from bakeoff.run.parts.quiet_lightning import quiet_lightning
from bakeoff.run.parts.supervised import CARRIED, Supervised
from bakeoff.run.regularization import Regularization
from bakeoff.tasks.words.loss import WordCrossEntropy
from bakeoff.tasks.words.metrics import WordMetrics
from bakeoff.text.corpus import Split
from bakeoff.text.streams import Streams

WORDS, ROWS, LENGTH = 7, 2, 3
BATCHES = 8  # of an epoch


def streams(seed: int) -> Streams:
    count = ROWS * LENGTH * BATCHES + 1
    ids = torch.randint(0, WORDS, (count,), generator=torch.Generator().manual_seed(seed))
    return Streams(Split(ids.int(), torch.tensor([0, count])), ROWS, LENGTH, ())


def unmarked(seed: int) -> Tensors:
    """The same without the marks where a text begins: only the module says where a state starts anew."""
    ids, targets = streams(seed)[:]
    return Tensors(torch.where(ids < 0, ~ids, ids), targets)


def module(cell="lstm") -> Supervised:
    torch.manual_seed(0)
    net = RecurrentLanguageModel(
        (LENGTH,), (LENGTH, WORDS), WORDS, cell, dimension=4, layers=2, hidden=5, dropout=0.0,
        tied=False, embedding=None, frozen=False,
    )  # fmt: skip
    return Supervised(
        net=net,
        loss=WordCrossEntropy(label_smoothing=0.0, balance=0.0),
        metrics=WordMetrics(),
        optimizer=lambda parameters: torch.optim.SGD(parameters, lr=0.5, momentum=0.5),
        scheduler=None,
        augment=None,
        regularization=None,
        mean=None,
        std=None,
    )


def trainer(**settings) -> pl.Trainer:
    if "strategy" not in settings:
        settings["accelerator"] = "cpu"
    return pl.Trainer(
        logger=False, enable_checkpointing=False, enable_progress_bar=False,
        enable_model_summary=False, num_sanity_val_steps=0, **settings,
    )  # fmt: skip


def trained(data=streams, **settings) -> tuple[Supervised, dict[str, float]]:
    made, run = module(), trainer(max_epochs=2, **settings)
    with quiet_lightning():
        run.fit(made, loader(data(1), ROWS), loader(data(2), ROWS))
    return made, {name: float(value) for name, value in run.callback_metrics.items()}


def equal(a: Supervised, b: Supervised) -> bool:
    theirs = b.state_dict()
    return all(torch.equal(value, theirs[name]) for name, value in a.state_dict().items())


def test_validation_within_an_epoch_leaves_the_training_as_it_is():
    one, seen = trained()
    other, also = trained(val_check_interval=3)
    assert equal(one, other)
    assert also["train/loss"] == seen["train/loss"]


def test_the_state_is_carried_within_an_epoch_and_no_further():
    """By hand: the states that the net has returned, one after the other, detached, anew each epoch."""
    made, seen = trained(unmarked)
    own = module()
    optimizer = own.optimizer(own.parameters())
    for _ in range(2):
        state, losses = None, []
        for ids, target in loader(unmarked(1), ROWS):
            output, state = own.net(ids, state)
            state = tuple(part.detach() for part in state)
            loss = own.loss(output, target)["loss"]
            losses.append(float(loss.detach()))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    assert equal(made, own)
    assert seen["train/loss"] == pytest.approx(sum(losses) / BATCHES, rel=1e-5)
    own.eval()
    with torch.no_grad():
        state, losses = None, []
        for ids, target in loader(unmarked(2), ROWS):
            output, state = own.net(ids, state)
            losses.append(float(own.loss(output, target)["loss"]))
    assert seen["val/loss"] == pytest.approx(sum(losses) / BATCHES, rel=1e-5)


class Noting(torch.optim.SGD):
    """Appends to `worth` what a denormal number is worth in the training step, and in its own."""

    def __init__(self, parameters, worth):
        super().__init__(parameters, lr=0.5)
        self.worth = worth

    def step(self, closure):
        def noted():
            self.worth.append(worth_of_a_denormal())
            return closure()

        super().step(noted)
        self.worth.append(worth_of_a_denormal())


def worth_of_a_denormal() -> float:
    return float(torch.tensor([1e-41]) * 1)


def test_denormal_numbers_count_as_zero_in_steps_alone():
    made, within, between = module(), [], []
    made.optimizer = lambda parameters: Noting(parameters, within)
    made.on_train_batch_end = made.on_validation_epoch_end = lambda *_: between.append(
        worth_of_a_denormal()
    )
    with quiet_lightning():
        trainer(max_epochs=1).fit(made, loader(streams(1), ROWS), loader(streams(2), ROWS))
    assert within == [0.0] * 2 * BATCHES
    assert len(between) == BATCHES + 1
    assert min(between) > 0


class Resumable:
    """A loader that goes on after the batches that it has given, as Lightning asks for by these methods."""

    def __init__(self, batches):
        self.batches, self.given, self.start = batches, 0, 0

    def __len__(self):
        return len(self.batches)

    def __iter__(self):
        self.given, self.start = self.start, 0
        for batch in list(self.batches)[self.given :]:
            self.given += 1
            yield batch

    def state_dict(self):
        return {"given": self.given}

    def load_state_dict(self, state):
        self.start = state["given"]


class SaveWithin(pl.Callback):
    """Saves a checkpoint after a number of steps, in the middle of an epoch."""

    def __init__(self, path, step):
        self.path, self.step = path, step

    def on_train_batch_end(self, trainer, *_):
        if trainer.global_step == self.step:
            trainer.save_checkpoint(self.path)


def resumed(path, cell, **settings):
    made = module(cell)
    data, val = Resumable(loader(streams(1), ROWS)), loader(streams(2), ROWS)
    with quiet_lightning():
        trainer(max_epochs=2, **settings).fit(made, data, val, ckpt_path=path)
    return made


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_a_training_resumed_within_an_epoch_goes_on_from_its_state(tmp_path, cell):
    whole, path = module(cell), tmp_path / "within.ckpt"
    with quiet_lightning():
        trainer(max_epochs=2, callbacks=[SaveWithin(path, BATCHES + 3)]).fit(
            whole, Resumable(loader(streams(1), ROWS)), loader(streams(2), ROWS)
        )
    kept = torch.load(path, weights_only=True)[CARRIED]
    assert isinstance(kept, torch.Tensor) is (cell == "gru")
    assert equal(resumed(path, cell), whole)
    with Elsewhere():  # whose checkpoint is read on the CPU
        assert equal(resumed(path, cell, strategy=strategy()), whole)


def test_an_output_by_itself_starts_anew():
    made = module().eval()
    ids, _ = streams(1)[:ROWS]
    with torch.no_grad():
        assert torch.equal(made(ids), made(ids))
        output, state = made.read(ids, None)
        assert torch.equal(output, made(ids))
        assert not torch.equal(made.read(ids.abs(), state)[0], output)


class Swap:
    """An augmentation that turns every answer into its opposite."""

    def __init__(self):
        self.batches = 0

    def __call__(self, x, target):
        self.batches += 1
        return x, 1 - target


def test_training_batches_alone_are_augmented():
    data, swap = in_memory.data(), Swap()
    made = build_module(in_memory.config("optimizer.lr=1.0"), data)
    made.augment = swap
    run = trainer(max_epochs=3)
    with quiet_lightning():
        run.fit(made, datamodule=data)
        learned = float(run.callback_metrics["val/accuracy"])
        run.test(made, datamodule=data, verbose=False)
    assert swap.batches == 3 * 4  # of 64 training pairs in batches of 16
    tested = float(run.callback_metrics["test/accuracy"])
    assert max(learned, tested) < 0.2  # the opposite, by answers that are not swapped
    for split, found in (("val", learned), ("test", tested)):
        inputs, target = data.splits[split][:]
        assert float((made(inputs).argmax(dim=1) == target).double().mean()) == pytest.approx(found)


def fitted(*overrides: str, epochs: int = 1, regularization=None):
    """A module of numbers in memory after its training, and what was logged."""
    data = in_memory.data(*overrides)
    torch.manual_seed(0)
    made, run = build_module(in_memory.config(*overrides), data), trainer(max_epochs=epochs)
    made.regularization = regularization
    with quiet_lightning():
        run.fit(made, datamodule=data)
    return made, data, run.callback_metrics


def test_the_logged_training_loss_is_the_mean_over_samples_not_over_batches():
    made, data, logged = fitted("data.batch_size=30", "optimizer.lr=0")  # 30, 30 and 4 of 64
    inputs, target = data.splits["train"][:]
    with torch.no_grad():
        expected = torch.nn.functional.cross_entropy(made(inputs), target)
    assert float(logged["train/loss"]) == pytest.approx(float(expected), rel=1e-5)


def test_the_gradient_of_a_penalty_reaches_every_step():
    """L2 as a gradient is what SGD calls weight decay."""
    own, _, _ = fitted(epochs=2, regularization=Regularization(l1=0.0, l2=0.05, decoupled=False))
    theirs, _, _ = fitted("optimizer.weight_decay=0.05", epochs=2)
    without, _, _ = fitted(epochs=2)
    for name, value in theirs.net.state_dict().items():
        torch.testing.assert_close(own.net.state_dict()[name], value)
        assert not torch.allclose(without.net.state_dict()[name], value)
