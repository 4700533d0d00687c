"""The weights of a net in TensorBoard: filters of the first convolution as a picture, histograms."""

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import Callback
from torch import Tensor, nn
from torch.optim import Optimizer

from bakeoff.run.parts.event_log import EventLog
from bakeoff.run.parts.own_module import trained

SCALE, COLUMNS, GAP = (
    8,
    8,
    1,
)  # pixels that a weight is enlarged to; filters in a row; border in weights
MOST_PICTURES = 20  # of one training


class WeightsLog(Callback):
    """Logs the filters of the first convolution in some epochs, the last one among them, and with
    `histograms` those of all weights and of the gradients of the last step in every epoch.
    """

    def __init__(self, log: EventLog, histograms: bool) -> None:
        self._log = log
        self.histograms = histograms

    def on_validation_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        if trainer.sanity_checking:
            return
        epoch, epochs, step = trainer.current_epoch, trainer.max_epochs or 1, trainer.global_step
        weights = first_filters(trained(module))
        if weights is not None and (
            epoch % -(-epochs // MOST_PICTURES) == 0 or epoch + 1 == epochs
        ):
            picture = filter_grid(weights)
            self._log.experiment.add_image("filters", picture, step, dataformats="HWC")
        for name, p in trained(module).named_parameters() if self.histograms else ():
            self._log.experiment.add_histogram(f"weights/{name}", p, step)

    def on_before_optimizer_step(
        self, trainer: pl.Trainer, module: pl.LightningModule, optimizer: Optimizer
    ) -> None:
        """Log the gradients of an epoch's last step: Lightning sets them to None for the validation."""
        if not (self.histograms and trainer.is_last_batch):
            return
        for name, p in trained(module).named_parameters():
            if p.grad is not None:
                self._log.experiment.add_histogram(f"gradients/{name}", p.grad, trainer.global_step)


def first_filters(net: nn.Module) -> Tensor | None:
    """The weights (filters, channels, H, W) of the first convolution that spans several pixels, or None."""
    for p in net.parameters():
        if p.ndim == 4 and p.shape[-1] * p.shape[-2] > 1:
            return p.detach()
    return None


def filter_grid(weights: Tensor) -> Tensor:
    """`weights` (F, C, H, W) as one uint8 picture (height, width, 3): of three channels in colour,
    otherwise the mean of its channels in grey, darkest at its least weight.
    """
    shown = weights if weights.shape[1] == 3 else weights.mean(dim=1, keepdim=True)
    low, high = shown.amin(dim=(1, 2, 3), keepdim=True), shown.amax(dim=(1, 2, 3), keepdim=True)
    # Equal weights have no least one; those of a net that diverged are black.
    levels = ((shown - low) / (high - low).clamp_min(1e-12) * 255).nan_to_num(0.0)
    levels = nn.functional.pad(levels.expand(-1, 3, -1, -1).cpu(), (0, GAP, 0, GAP), value=255)
    levels = nn.functional.pad(levels, (0, 0, 0, 0, 0, 0, 0, -len(levels) % COLUMNS), value=255)
    rows = [torch.cat(list(row), dim=-1) for row in levels.split(COLUMNS)]
    whole = torch.cat(rows, dim=-2).repeat_interleave(SCALE, -1).repeat_interleave(SCALE, -2)
    return whole.round().to(torch.uint8).movedim(0, -1)
