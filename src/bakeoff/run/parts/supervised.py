"""The LightningModule of every task that maps an input to a target: a thin shell around pure parts."""

from collections.abc import Callable, Mapping
from functools import partial
from inspect import signature
from typing import Any

import pytorch_lightning as pl
import torch
from pytorch_lightning.plugins import MixedPrecision, Precision
from pytorch_lightning.utilities import GradClipAlgorithmType
from torch import Tensor, nn
from torch.optim import Optimizer

from bakeoff.metrics.weighted_means import WeightedMeans
from bakeoff.nets.carried_state import State, each, read
from bakeoff.run.parts.denormals import flushed_denormals
from bakeoff.run.parts.divergence import NEVER, DivergedError, LossWatch
from bakeoff.run.parts.event_log import LEARNING_RATE
from bakeoff.run.parts.measures import loss_parts, part_names
from bakeoff.run.parts.normalized import normalized
from bakeoff.run.parts.optimization import Schedule
from bakeoff.run.parts.unused_hooks import leave_out_unused_hooks
from bakeoff.run.regularization import Regularization

CARRIED = "carried_state"  # the key of the training's state in a checkpoint
EPOCH = "epoch_so_far"  # the key of what is summed over an epoch
Augment = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]


class Supervised(pl.LightningModule):
    """Trains `net` to minimize `loss`; logs `metrics` of the validation and test splits.

    A batch is (input, target). The module normalizes the input with the `mean` and `std` of the training
    data and keeps both in its checkpoints, so that a checkpoint predicts from raw inputs. Without `mean`
    and `std` the net gets the input as it is.

    - `loss(output, target)` returns a scalar, or a dictionary of scalars, one of them `loss`;
    - `metrics` is a torchmetrics Metric over (output, target) that computes a dictionary;
    - `optimizer(parameters)` makes the optimizer, and `scheduler` its learning-rate schedule;
    - `augment(input, target)` changes training batches only;
    - `regularization` acts on all parameters.

    For a net that carries a state (`bakeoff.nets.carried_state`), the module holds one state for each phase
    (train, val, test) and starts it anew with each epoch of that phase. A checkpoint contains the state of
    the training and the sums of its losses, so that a training can resume in the middle of an epoch.

    A net with a method `backward(delta)` computes its gradients by hand (`bakeoff.nets.scratch`).
    `loss.with_derivative(output, target)` gives the derivative of the loss, and `net.optimizer` makes the
    optimizer. All else is the same as for other nets, so that such a net competes on equal terms.
    """

    def __init__(
        self,
        net: nn.Module,
        loss: nn.Module,
        metrics: nn.Module,
        optimizer: Callable[..., Optimizer],
        scheduler: Schedule | None,
        augment: Augment | None,
        regularization: Regularization | None,
        mean: Tensor | None,
        std: Tensor | None,
    ) -> None:
        super().__init__()
        self.net = net.to(memory_format=torch.channels_last)  # convolutions twice as fast on a CPU
        self.loss = loss
        self.metrics = metrics
        self.optimizer = optimizer
        self.scheduler = scheduler
        self.augment = augment
        self.regularization = regularization
        self.by_hand = hasattr(net, "backward")
        self._delta: Tensor | None = None
        self.register_buffer("mean", mean)
        self.register_buffer("std", std)
        self._train_losses = WeightedMeans()
        self._losses = WeightedMeans()  # of validation or test
        self._watch = LossWatch()
        self._carried: dict[str, State] = {}  # by phase
        leave_out_unused_hooks(self)

    def __setattr__(self, name: str, value: Any) -> None:
        """Set a text without nn.Module's search among its parameters: Lightning notes the name of each hook
        here, forty times per step.
        """
        if isinstance(value, str | None) and name in self.__dict__:
            self.__dict__[name] = value
        else:
            super().__setattr__(name, value)

    def forward(self, x: Tensor) -> Tensor:
        """The net's output for raw inputs, such as uint8 images; a net that carries a state starts anew."""
        return self.read(x, None)[0]

    def read(self, x: Tensor, state: State) -> tuple[Tensor, State]:
        """The net's output for raw inputs after `state`, and its new state (None if it carries none)."""
        return read(self.net, normalized(x, self.mean, self.std), state)

    def training_step(self, batch: tuple[Tensor, Tensor], batch_idx: int) -> Tensor:
        x, target = batch
        if self.augment is not None:
            x, target = self.augment(x, target)
        output = self._read_on("train", x)
        if self.by_hand:
            parts, self._delta = self.loss.with_derivative(output, target)
        else:
            parts = loss_parts(self.loss(output, target))
        self._train_losses.update(parts, len(target))
        self._watch.add(self.global_step, parts["loss"])
        if (self.global_step + 1) % self.trainer.log_every_n_steps == 0:
            self._stop_if_diverged()
        return parts["loss"]

    def backward(self, loss: Tensor, *args: Any, **kwargs: Any) -> None:
        """The gradients of all parameters: by autograd from `loss`, or by the net itself."""
        if self.by_hand:
            self.net.backward(self._delta / self.trainer.accumulate_grad_batches)
        else:
            super().backward(loss, *args, **kwargs)

    def on_before_optimizer_step(self, optimizer: Optimizer) -> None:
        if self.regularization is not None:
            self.regularization.before_step(optimizer)

    def optimizer_step(self, epoch: int, batch_idx: int, optimizer: Any, closure: Any) -> None:
        with flushed_denormals():  # the closure computes output, loss and gradients
            super().optimizer_step(epoch, batch_idx, optimizer, closure)
            if self.regularization is not None:
                self.regularization.after_step(optimizer)

    def note_losses(self, means: Mapping[str, Tensor], samples: int) -> None:
        """Count the mean losses of training `samples` that were trained outside of this module."""
        self._train_losses.update(means, samples)

    def note_evaluated(self, means: Mapping[str, Tensor], samples: int) -> None:
        """Count the mean losses of validation `samples` that were evaluated outside of this module."""
        self._losses.update(means, samples)

    def note_bad_step(self, step: int, stop: bool) -> None:
        """Know that the loss of `step` was not finite; with `stop`, raise DivergedError now."""
        self._watch = LossWatch(torch.tensor(step, device=self.device))
        if stop:
            self._stop_if_diverged()

    def on_train_epoch_start(self) -> None:
        self._carried["train"] = None
        self._train_losses.reset()
        self._watch = LossWatch(torch.tensor(NEVER, device=self.device))

    def on_train_epoch_end(self) -> None:
        self._stop_if_diverged()
        self._log_losses("train", self._train_losses)
        self.log(LEARNING_RATE, self.optimizers().param_groups[0]["lr"])

    def on_validation_epoch_start(self) -> None:
        self._begin_evaluation("val")

    def validation_step(self, batch: tuple[Tensor, Tensor], batch_idx: int) -> None:
        self._evaluate("val", batch)

    def on_validation_epoch_end(self) -> None:
        self._log_metrics("val")

    def on_test_epoch_start(self) -> None:
        self._begin_evaluation("test")

    def test_step(self, batch: tuple[Tensor, Tensor], batch_idx: int) -> dict[str, Tensor]:
        return {"output": self._evaluate("test", batch)}

    def on_test_epoch_end(self) -> None:
        self._log_metrics("test")

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        checkpoint[CARRIED] = self._carried.get("train")
        sums, names = self._train_losses.sums, self._train_losses.names
        checkpoint[EPOCH] = {"sums": sums, "names": names, "bad_step": self._watch.bad_step}

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        self._carried["train"] = checkpoint.get(CARRIED)  # on the CPU: `_read_on` moves it
        if EPOCH in checkpoint:
            epoch = checkpoint[EPOCH]
            self._train_losses.restore(tuple(epoch["names"]), epoch["sums"].to(self.device))
            self._watch = LossWatch(epoch["bad_step"].to(self.device))

    def predict_step(self, batch: tuple[Tensor, ...], batch_idx: int) -> Tensor:
        return self(batch[0])

    def make_optimizer(self) -> Optimizer:
        """A new optimizer of all parameters."""
        if self.by_hand:
            return self.net.optimizer(self.optimizer)
        return self.optimizer(self.parameters())

    def configure_optimizers(self) -> Any:
        optimizer = self.make_optimizer()
        if self.scheduler is None:
            return optimizer
        steps = int(self.trainer.estimated_stepping_batches)
        often = self.trainer.check_val_every_n_epoch or 1
        schedule = self.scheduler.for_lightning(optimizer, steps, often)
        return {"optimizer": optimizer, "lr_scheduler": schedule}

    def configure_gradient_clipping(
        self,
        optimizer: Optimizer,
        gradient_clip_val: float | None = None,
        gradient_clip_algorithm: str | None = None,
    ) -> None:
        """Clip the gradients; Lightning refuses that to a fused optimizer in all mixed precision, although
        gradients in bfloat16 are not scaled.
        """
        precision = self.trainer.precision_plugin
        is_bfloat16 = isinstance(precision, MixedPrecision) and precision.scaler is None
        clip = (
            partial(Precision.clip_gradients, precision)
            if is_bfloat16
            else precision.clip_gradients
        )
        algorithm = GradClipAlgorithmType(gradient_clip_algorithm or "norm")
        clip(optimizer, gradient_clip_val or 0, algorithm)

    def _read_on(self, phase: str, x: Tensor) -> Tensor:
        """The output for the next batch of a phase, with the state that is carried through the phase."""
        before = each(self._carried.get(phase), lambda part: part.to(x.device))
        output, after = self.read(x, before)
        self._carried[phase] = each(after, Tensor.detach)
        return output

    def _begin_evaluation(self, phase: str) -> None:
        self._carried[phase] = None
        self._losses.reset()
        self.metrics.reset()

    def _evaluate(self, phase: str, batch: tuple[Tensor, Tensor]) -> Tensor:
        x, target = batch
        output = self._read_on(phase, x)
        self._losses.update(loss_parts(self.loss(output, target)), len(target))
        self.metrics.update(output, target)
        return output

    def _log_metrics(self, split: str) -> None:
        self._log_losses(split, self._losses)
        self.log_dict({f"{split}/{name}": value for name, value in self.metrics.compute().items()})

    def _log_losses(self, split: str, means: WeightedMeans) -> None:
        """Log once an epoch: a device would have to finish all its work each time."""
        names = part_names(dict.fromkeys(means.names))
        self.log_dict({f"{split}/{names[name]}": mean for name, mean in means.compute().items()})

    def _stop_if_diverged(self) -> None:
        step = int(self._watch.bad_step)
        if step < NEVER:
            raise DivergedError(
                f"the training loss is not finite since step {step} (epoch {self.current_epoch}): "
                "lower the learning rate (optimizer.lr) or clip gradients (trainer.gradient_clip_val)"
            )


# Lightning asks for it at each step, and finding it takes as long as a small layer.
Supervised.training_step.__signature__ = signature(Supervised.training_step)
