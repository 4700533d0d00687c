"""Whether a run can train its epochs together with others."""

from collections.abc import Iterator

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback, ModelCheckpoint

from bakeoff.fused import recurrent
from bakeoff.nets.carried_state import carries
from bakeoff.run.hooks.heartbeat import Heartbeat
from bakeoff.run.hooks.live_loss import LiveLoss
from bakeoff.run.hooks.midway import Midway
from bakeoff.run.hooks.training_clock import TrainingClock
from bakeoff.run.hooks.watch import Watch
from bakeoff.run.hooks.weights_log import WeightsLog
from bakeoff.run.hooks.whole_epochs import WholeEpochs
from bakeoff.run.parts.supervised import Supervised

# Callbacks that look at batches and are told of those that are trained together, or can do without.
TOLD = (TrainingClock, WholeEpochs, Watch, Heartbeat, LiveLoss, WeightsLog, Midway, ModelCheckpoint)
BATCH_HOOKS = (
    *("on_train_batch_start", "on_train_batch_end", "on_before_backward", "on_after_backward"),
    *("on_before_optimizer_step", "on_before_zero_grad"),
)
PRECISIONS = ("32-true", "64-true", "bf16-mixed")
DEVICES = ("cpu", "cuda")


def refusals(trainer: pl.Trainer, module: Supervised) -> Iterator[str]:
    """Why a run trains its epochs alone; nothing where it can train them with others."""
    if isinstance(module, pl.LightningModule) and not isinstance(module, Supervised):
        yield "the model is a LightningModule with steps of its own"
        return
    if module.by_hand:
        yield "the net computes its gradients by hand"
    if carries(module.net):
        yield "the net carries a state from batch to batch"
    yield from recurrent.refusals(module.net)
    if any(True for _ in (*module.loss.parameters(), *module.metrics.parameters())):
        yield "the loss or a metric is trained too"
    if module.net._compiled_call_impl is not None:
        yield "trainer.compile is set"
    if trainer.precision not in PRECISIONS:
        yield f"trainer.precision is {trainer.precision}"
    if trainer.accumulate_grad_batches != 1:
        yield "trainer.accumulate_grad_batches is set"
    if trainer.gradient_clip_val and str(trainer.gradient_clip_algorithm or "norm") != "norm":
        yield "gradients are clipped by value"
    if trainer.val_check_interval != 1.0 or trainer.max_steps != -1:
        yield "trainer.val_check_interval or trainer.max_steps is set"
    if (device := trainer.strategy.root_device.type) not in DEVICES:
        yield f"the run trains on {device}: expected one of {', '.join(DEVICES)}"
    if len({p.dtype for p in module.net.parameters()}) > 1:
        yield "the net has parameters of several types"
    for callback in trainer.callbacks:
        if isinstance(callback, WeightsLog) and callback.histograms:
            yield "trainer.histograms is set"
        if watches_batches(callback):
            yield f"{type(callback).__name__} looks at every batch"


def watches_batches(callback: Callback) -> bool:
    """Whether a callback that is not TOLD of batches has a hook for them."""
    kind = type(callback)
    has_hook = any(getattr(kind, name) is not getattr(Callback, name) for name in BATCH_HOOKS)
    return has_hook and not isinstance(callback, TOLD)
