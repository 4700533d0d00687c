"""The LightningModule of every task that maps an input to a target: a thin shell around pure parts."""

from collections.abc import Callable
from typing import Any

import pytorch_lightning as pl
import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler
from torchmetrics import Metric

from bakeoff.run.normalized import normalized
from bakeoff.run.regularization import Regularization

Augment = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]


class DivergedError(RuntimeError):
    """The loss is no longer finite."""


class Supervised(pl.LightningModule):
    """Trains `net` to minimize `loss`; logs `metrics` of the validation and test splits.

    A batch is (input, target). The input is normalized here, with `mean` and `std` of the training
    data kept in the checkpoint, so that a checkpoint predicts from raw inputs; without them (ids of
    words) the net gets it as it is.

    `loss(output, target)` returns scalars, `loss` among them; `metrics` is a torchmetrics Metric over
    (output, target) that computes a dict; `optimizer(parameters)`; `scheduler(optimizer,
    total_steps=...)`, stepped after every batch; `augment(input, target)`, on training batches only;
    `regularization`, of all parameters.

    A net with a method `backward(delta)` computes its gradients by hand (`bakeoff.nets.scratch`): it
    gets the derivative of the loss from `loss.with_derivative(output, target)`, and its optimizer from
    `net.optimizer`. Nothing else differs, so that such a net competes on equal terms.
    """

    def __init__(
        self,
        net: nn.Module,
        loss: nn.Module,
        metrics: Metric,
        optimizer: Callable[..., Optimizer],
        scheduler: Callable[..., LRScheduler] | None,
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
        self._train_sums: dict[str, Tensor] = {}
        self._bad_step = torch.tensor(-1)
        self._val_sums: dict[str, Tensor] = {}

    def forward(self, x: Tensor) -> Tensor:
        """The net's output for raw inputs, such as uint8 images."""
        return self.net(normalized(x, self.mean, self.std))

    def training_step(self, batch: tuple[Tensor, Tensor], batch_idx: int) -> Tensor:
        x, target = batch
        if self.augment is not None:
            x, target = self.augment(x, target)
        if self.by_hand:
            parts, self._delta = self.loss.with_derivative(self(x), target)
        else:
            parts = self.loss(self(x), target)
        self._count(self._train_sums, parts, len(target))
        self._watch(parts["loss"].detach())
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
        super().optimizer_step(epoch, batch_idx, optimizer, closure)
        if self.regularization is not None:
            self.regularization.after_step(optimizer)

    def on_train_epoch_start(self) -> None:
        self._train_sums = {}
        self._bad_step = torch.tensor(-1, device=self.device)

    def on_train_epoch_end(self) -> None:
        self._stop_if_diverged()
        self._log_means("train", self._train_sums)
        self.log("learning_rate", self.optimizers().param_groups[0]["lr"])

    def on_validation_epoch_start(self) -> None:
        self._val_sums = {}

    def validation_step(self, batch: tuple[Tensor, Tensor], batch_idx: int) -> None:
        self._evaluate(batch)

    def on_validation_epoch_end(self) -> None:
        self._log_metrics("val")

    on_test_epoch_start = on_validation_epoch_start

    def test_step(self, batch: tuple[Tensor, Tensor], batch_idx: int) -> None:
        self._evaluate(batch)

    def on_test_epoch_end(self) -> None:
        self._log_metrics("test")

    def predict_step(self, batch: tuple[Tensor, ...], batch_idx: int) -> Tensor:
        return self(batch[0])

    def configure_optimizers(self) -> Any:
        if self.by_hand:
            optimizer = self.net.optimizer(self.optimizer)
        else:
            optimizer = self.optimizer(self.parameters())
        if self.scheduler is None:
            return optimizer
        steps = int(self.trainer.estimated_stepping_batches)
        scheduler = self.scheduler(optimizer, total_steps=steps)
        return {
            "optimizer": optimizer,
            "lr_scheduler": {"scheduler": scheduler, "interval": "step"},
        }

    def _evaluate(self, batch: tuple[Tensor, Tensor]) -> None:
        x, target = batch
        output = self(x)
        self._count(self._val_sums, self.loss(output, target), len(target))
        self.metrics.update(output, target)

    def _log_metrics(self, split: str) -> None:
        self._log_means(split, self._val_sums)
        self.log_dict({f"{split}/{name}": value for name, value in self.metrics.compute().items()})
        self.metrics.reset()

    # Sums stay on the device and are read once an epoch: logging every step would wait for the device
    # every step.
    def _count(self, sums: dict[str, Tensor], parts: dict[str, Tensor], weight: int) -> None:
        for name, value in {**parts, "samples": torch.ones((), device=self.device)}.items():
            sums[name] = sums.get(name, 0) + value.detach() * weight

    def _log_means(self, split: str, sums: dict[str, Tensor]) -> None:
        samples = sums.pop("samples")
        # `loss` is the total; its parts get a name of their own, apart from metrics of that name.
        names = {name: name if name == "loss" else f"loss_{name}" for name in sums}
        self.log_dict({f"{split}/{names[name]}": value / samples for name, value in sums.items()})

    def _watch(self, loss: Tensor) -> None:
        bad = ~torch.isfinite(loss) & (self._bad_step < 0)
        self._bad_step = torch.where(bad, self.global_step, self._bad_step)
        if (self.global_step + 1) % self.trainer.log_every_n_steps == 0:
            self._stop_if_diverged()

    def _stop_if_diverged(self) -> None:
        step = int(self._bad_step)
        if step >= 0:
            raise DivergedError(
                f"the training loss is not finite since step {step} (epoch {self.current_epoch}): "
                "lower the learning rate (optimizer.lr) or clip gradients (trainer.gradient_clip_val)"
            )
