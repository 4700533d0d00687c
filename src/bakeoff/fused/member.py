"""A run that trains its epochs together with others; everything else of it is as when it runs alone."""

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import pytorch_lightning as pl
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.utils.data import Dataset
from torchmetrics import Metric

from bakeoff.data.batches import Batches
from bakeoff.fused.epochs import EpochAtOnce, OwnStorage
from bakeoff.fused.evaluation import Evaluation
from bakeoff.fused.last_checkpoint import write_seldom
from bakeoff.fused.validation import HOOKS, TOLD, ValidationAtOnce
from bakeoff.run.hooks.heartbeat import Heartbeat
from bakeoff.run.hooks.live_loss import LiveLoss
from bakeoff.run.hooks.midway import Midway
from bakeoff.run.hooks.random_states import set_torch_states, torch_states
from bakeoff.run.hooks.training_clock import TrainingClock
from bakeoff.run.hooks.watch import Watch
from bakeoff.run.hooks.whole_epochs import WholeEpochs
from bakeoff.run.parts.supervised import Supervised
from bakeoff.run.probe import Probe


class Member:
    """The trainer and the module of a run, whose epochs are trained and evaluated by others while `wait()`
    waits; `asked` is the evaluation that it waits for, None if it waits for an epoch of training.

    Random numbers for the member are drawn from its own generator, whose state waits with it.
    """

    def __init__(self, trainer: pl.Trainer, module: Supervised, wait: Callable[[], None]) -> None:
        self.trainer = trainer
        self.module = module
        self._wait = wait
        self._random = torch_states()
        self._watching = {type(callback): callback for callback in trainer.callbacks}
        own = module.regularization
        self._penalty = own if own is not None and (own.l1 or own.l2) else None
        self._bad_step: int | None = None
        self.asked: Evaluation | None = None

    def join(self) -> None:
        """From now on, epochs are trained and evaluated by others."""
        self.trainer.fit_loop.epoch_loop = EpochAtOnce(self.trainer, self._epoch)
        self.trainer.fit_loop.epoch_loop.val_loop = ValidationAtOnce(self.trainer, self._validate)
        self.trainer.callbacks.insert(0, OwnStorage())
        write_seldom(self.trainer)
        if Probe in self._watching:
            self._watching[Probe].evaluate = self._probe

    def ask_to_end(self, reason: str) -> None:
        """Let the run end, for this reason, at the end of the epoch."""
        self._watching[Midway].ask_to_end(reason)

    @property
    def batches(self) -> list[Tensor]:
        """The indices of each batch of the epoch that comes now."""
        sampler: Batches = self.trainer.train_dataloader.sampler
        return list(sampler.order.split(sampler.batch_size))[: self.trainer.num_training_batches]

    def draw(self, drawn: Callable[[nn.Module], Any]) -> Any:
        """What `drawn(net)` gives, with random numbers of this member's generator."""
        set_torch_states(self._random)
        result = drawn(self.module.net)
        self._random = torch_states()
        return result

    def undisturbed(self, looked_at: Callable[[nn.Module], Any]) -> Any:
        """What `looked_at(net)` gives; the net's buffers and this member's generator stay as they are."""
        net = self.module.net
        buffers = [buffer.clone() for buffer in net.buffers()]
        set_torch_states(self._random)
        result = looked_at(net)
        for buffer, before in zip(net.buffers(), buffers, strict=True):
            buffer.copy_(before)
        return result

    def augmented(self, x: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """A training batch as this member changes it."""
        augment = self.module.augment
        return (x, target) if augment is None else self.draw(lambda _: augment(x, target))

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer of the module's parameters."""
        return self.trainer.optimizers[0]

    def precision(self) -> AbstractContextManager:
        """The context in which training steps are computed."""
        return self.trainer.precision_plugin.train_step_context()

    def converted(self, batch: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        """A batch in the precision of the trainer, on its device."""
        trainer = self.trainer
        return trainer.strategy.batch_to_device(trainer.precision_plugin.convert_input(batch))

    @property
    def clips_at(self) -> float:
        """The Euclidean norm at which gradients are clipped, infinite for never."""
        return self.trainer.gradient_clip_val or math.inf

    def regularize(self, parameters: Tensor, gradients: Tensor) -> bool:
        """Add the gradient of this member's penalty (P,) to `gradients`; whether there was any."""
        own = self._penalty
        return own is not None and own.add_to(gradients, parameters)

    def stepped(self, optimizer: Optimizer, batch: int) -> None:
        """What follows the optimizer's step for a batch: decoupled regularization, the schedule's step."""
        if self._penalty is not None:
            self._penalty.after_step(optimizer)
        for config in self.trainer.lr_scheduler_configs:
            if config.interval == "step" and (batch + 1) % config.frequency == 0:
                config.scheduler.step()

    def looks_at(self, batch: int) -> bool:
        """Whether something watches this batch of the epoch."""
        trainer, done = self.trainer, self.trainer.global_step + batch + 1
        is_last = batch + 1 == trainer.num_training_batches
        return is_last or done % trainer.log_every_n_steps == 0

    def passed(self, batch: int, loss: Tensor, norm: Tensor) -> None:
        """Tell what looks at a batch that is trained: its loss, and the norm of its gradients."""
        self._watching[LiveLoss].note(self.trainer, self.trainer.global_step + batch + 1, loss)
        self._watching[Watch].note(norm)

    def beat(self, batch: int) -> None:
        """Show how far the epoch is."""
        self._watching[Heartbeat].note(self.trainer, batch + 1)

    def trained(
        self,
        losses: Mapping[str, Tensor],
        batches: int,
        samples: int,
        seconds: float,
        bad_batch: int | None,
    ) -> None:
        """Take over what an epoch gave: the mean losses over the `samples` of its `batches`, the seconds
        that are this member's share, and the first batch whose loss is not finite.
        """
        self.module.note_losses(losses, samples)
        self._watching[TrainingClock].add(seconds, samples)
        self._watching[WholeEpochs].note(batches)
        self._bad_step = None if bad_batch is None else self.trainer.global_step + bad_batch

    def evaluated(self, seconds: float) -> None:
        """Take over this member's share of the seconds of an evaluation."""
        self.asked = None
        self._watching[TrainingClock].add(seconds, 0)

    def _ask(self, evaluation: Evaluation) -> None:
        self.asked = evaluation
        with self._watching[TrainingClock].paused():
            self._wait()

    def _validate(self, count: int) -> None:
        """Let others evaluate `count` validation batches, and tell whatever watches them."""
        loader = self.trainer.val_dataloaders
        batches = list(loader.sampler)[:count]
        module = self.module
        self._ask(Evaluation(loader.dataset, batches, module.metrics, module.note_evaluated))
        watching = [own for own in self.trainer.callbacks if isinstance(own, TOLD)]
        for number, indices in enumerate(batches):
            batch = self.converted(loader.dataset[indices]) if number == 0 else None
            for name in HOOKS:
                arguments = (batch, number) if name == HOOKS[0] else (None, batch, number)
                for callback in watching:
                    if (hook := getattr(callback, name)) is not None:  # one that does nothing
                        hook(self.trainer, module, *arguments)

    def _probe(
        self, _: Supervised, dataset: Dataset, batches: Sequence[Tensor], metrics: Metric
    ) -> None:
        self._ask(Evaluation(dataset, batches, metrics))

    def _epoch(self) -> None:
        self._random = torch_states()
        with self._watching[TrainingClock].paused():
            self._wait()
        set_torch_states(self._random)
        if self._bad_step is not None:
            often = self.trainer.log_every_n_steps
            noticed = math.ceil((self._bad_step + 1) / often) * often - 1
            last = self.trainer.global_step + self.trainer.num_training_batches - 1
            self.module.note_bad_step(self._bad_step, stop=noticed <= last)
