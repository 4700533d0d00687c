"""One epoch of training, of several members at once."""

import logging
import pickle
import time
from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor

from bakeoff.data.batches import Batches
from bakeoff.fused.device_data import DeviceData
from bakeoff.fused.dropout import all_kept, draw_masks, dropouts
from bakeoff.fused.epoch_sums import EpochSums
from bakeoff.fused.evaluation import Evaluation, alike, hand_out
from bakeoff.fused.member import Member
from bakeoff.fused.optimizers import stepper
from bakeoff.fused.orders import Orders
from bakeoff.fused.pay import SAVED_S, seconds_per_step
from bakeoff.fused.stack import Stack
from bakeoff.fused.step import EvaluatedNet, StackedNet, clipped, losses
from bakeoff.gate.error_text import first_line
from bakeoff.run.parts.denormals import flushed_denormals
from bakeoff.run.parts.normalized import normalized
from bakeoff.run.parts.supervised import Supervised

log = logging.getLogger(__name__)

BEAT_S = 0.5  # seconds after which members are told how far an epoch is


class StackedTraining:
    """Trains the epochs of `members`, whose nets have one structure and learn from one data set.

    Each member's batches, masks of dropout and augmentation are drawn from its own random generator, as
    when it trains alone. `data` reads their data sets.
    """

    def __init__(self, members: Sequence[Member], data: DeviceData) -> None:
        self.members = members
        self._data = data
        first = members[0].module
        self._stack = Stack([member.module.net for member in members])
        self._net = StackedNet(first.net, list(dropouts(first.net)))
        self._evaluated = EvaluatedNet(first.net)
        self._loss = [member.module.loss for member in members]
        self._alike = len({pickle.dumps(loss) for loss in self._loss}) == 1
        self._augments = any(member.module.augment is not None for member in members)
        limits = [member.clips_at for member in members]
        self._limits = torch.tensor(limits, device=self._stack.flat.device)
        self._optimizers = [
            stepper(member.optimizer, self._stack, number) for number, member in enumerate(members)
        ]
        self._beaten = time.monotonic()
        self._kept: dict[torch.Size, dict[str, Tensor]] = {}

    def refusals(self, must_pay: bool) -> list[str]:
        """Why these members train alone: what fails on a batch, or, if it `must_pay`, a step's times."""
        first = self.members[0]
        sampler = first.trainer.train_dataloader.sampler
        if not isinstance(sampler, Batches):
            return ["the data come in batches of their own"]
        if any(not _alike(first.module, member.module) for member in self.members):
            return ["the inputs are normalized in several ways"]
        indices = torch.arange(min(sampler.batch_size, sampler.count))
        x, target = first.converted(first.trainer.train_dataloader.dataset[indices])
        x = normalized(x, first.module.mean, first.module.std)
        try:
            with first.precision():
                alone, stacked = seconds_per_step(
                    first.module.net, first.module.loss, x, target, len(self.members)
                )
        except Exception as error:  # the net and the loss are anyone's code
            return [f"the nets cannot be stacked ({first_line(error)})"]
        log.info("a step takes %.2f ms alone, %.2f ms stacked", 1e3 * alone, 1e3 * stacked)
        if must_pay and stacked > alone + SAVED_S:
            return [f"a step takes {1e3 * alone:.2f} ms alone and {1e3 * stacked:.2f} ms stacked"]
        return []

    def epoch(self) -> None:
        """Train the epoch for which all members wait, and give each its part of what was measured."""
        began = time.monotonic()
        orders = Orders([member.batches for member in self.members], self._stack.flat.device)
        dataset = self.members[0].trainer.train_dataloader.dataset
        sums = EpochSums()
        with flushed_denormals():
            for at, rows in enumerate(self._data.read(dataset, orders.steps)):
                with self.members[0].precision():
                    x, target = self._batch(rows, orders)
                    output = self._net(self._stack, self._masks(x), x)
                    parts = losses(self._loss, output, target, self._alike)
                norms = self._step(self._stack.gradients(parts["loss"]), at)
                parts = {name: part.detach() for name, part in parts.items()}
                sums.add(parts, target.shape[1])
                self._tell(at, parts["loss"], norms)
        for optimizer in self._optimizers:
            optimizer.write_back()
        bad_batches, means = sums.bad_batches(), sums.means()  # now the device has finished
        share = (time.monotonic() - began) / len(self.members)
        for number, member in enumerate(self.members):
            own = {name: mean[number] for name, mean in means.items()}
            member.trained(own, sums.batches, sums.samples, share, bad_batches[number])

    def _tell(self, batch: int, losses: Tensor, norms: Tensor) -> None:
        """Tell the members of a batch that is trained, those that look at it alone."""
        now = time.monotonic()
        beats = now - self._beaten > BEAT_S
        self._beaten = now if beats else self._beaten
        for number, member in enumerate(self.members):
            if beats:
                member.beat(batch)
            if member.looks_at(batch):
                member.passed(batch, losses[number], norms[number])

    def evaluate(self, asking: Sequence[Member]) -> None:
        """Evaluate the nets of some of the members as they ask for it; each gets its part of the time."""
        began = time.monotonic()
        asked = [member.asked for member in asking]
        for places in alike(asked):
            members = [self.members.index(asking[place]) for place in places]
            evaluations = [asked[place] for place in places]
            with self.members[0].precision():
                hand_out(evaluations, self._outputs(members, evaluations[0]))
        for member in asking:
            member.evaluated((time.monotonic() - began) / len(asking))

    @torch.no_grad()
    def _outputs(
        self, members: Sequence[int], asked: Evaluation
    ) -> Iterator[tuple[Tensor, Tensor, Mapping[str, Tensor]]]:
        """Outputs (K, B, ...), targets (B, ...) and losses (K,) by name of each batch."""
        first = self.members[0]
        own = [self._loss[number] for number in members]
        outputs_of = self._evaluated.of(self._stack, members)
        for rows in self._data.read(asked.dataset, asked.batches):
            x, target = first.converted(rows)
            x = normalized(x, first.module.mean, first.module.std)
            output = outputs_of(x)
            parts: Mapping[str, Tensor] = {}
            if asked.note_losses is not None:
                targets = target.expand(len(members), *target.shape)
                parts = losses(own, output, targets, self._alike)
            yield output, target, parts

    @torch.no_grad()
    def _step(self, gradients: Tensor, batch: int) -> Tensor:
        """Step all members by the gradients (K, P) of a batch; their norms (K,) before anything is added
        or cut.
        """
        norms = gradients.norm(dim=1)
        rows = gradients.unbind()
        regularized = False
        for member, optimizer, row in zip(self.members, self._optimizers, rows, strict=True):
            regularized |= member.regularize(optimizer.row, row)
        clipped(gradients, gradients.norm(dim=1) if regularized else norms, self._limits)
        for member, optimizer, row in zip(self.members, self._optimizers, rows, strict=True):
            optimizer.step(row)
            member.stepped(optimizer.optimizer, batch)
        return norms

    def _batch(self, rows: tuple[Tensor, Tensor], orders: Orders) -> tuple[Tensor, Tensor]:
        """Inputs (K, B, ...) as the nets get them, and targets (K, B, ...), of the rows of a step."""
        first = self.members[0].module
        x, target = (orders.apart(part) for part in self.members[0].converted(rows))
        if not self._augments:
            x = normalized(x, first.mean, first.std)
            return orders.handed_out(x), orders.handed_out(target)
        changed = [
            member.augmented(x[own], target[own])
            for member, own in zip(self.members, orders.of, strict=True)
        ]
        x, target = (torch.stack(parts) for parts in zip(*changed, strict=True))
        return normalized(x, first.mean, first.std), target

    def _masks(self, x: Tensor) -> list[Tensor]:
        """The masks (K, B, ...) of each dropout layer for inputs (K, B, ...)."""
        if x.shape not in self._kept:
            self._kept[x.shape] = self.members[0].undisturbed(
                lambda net: all_kept(net, x[0]) if dropouts(net) else {}
            )
        if not (kept := self._kept[x.shape]):
            return []
        drawn = [member.draw(lambda net: draw_masks(net, kept)) for member in self.members]
        return [torch.stack(of_layer) for of_layer in zip(*drawn, strict=True)]


def _alike(one: Supervised, other: Supervised) -> bool:
    """Whether two modules normalize inputs alike; a checkpoint that a run goes on from has its own way."""
    pairs = ((one.mean, other.mean), (one.std, other.std))
    return all(a is b or (a is not None and b is not None and torch.equal(a, b)) for a, b in pairs)
