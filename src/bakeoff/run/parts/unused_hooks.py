"""Hooks that do nothing, left out of every batch."""

from pytorch_lightning import LightningModule
from pytorch_lightning.callbacks import Callback

TRAINING = (
    "on_train_batch_start",
    "on_before_zero_grad",
    "on_before_backward",
    "on_after_backward",
    "on_before_optimizer_step",
    "on_train_batch_end",
)
VALIDATION = ("on_validation_batch_start", "on_validation_batch_end")


def leave_out_unused_hooks(part: Callback | LightningModule, *also: str) -> None:
    """Set the hooks of `part` around batches to None that do nothing, and those named in `also`.

    Lightning makes a name and enters a context for every hook of every callback that can be called, the
    empty ones too: in a run of a small net that takes as long as the training step itself.
    """
    # Lightning looks at the arguments of a module's hooks around a validation batch: they stay.
    kind, names = (
        (LightningModule, TRAINING)
        if isinstance(part, LightningModule)
        else (Callback, (*TRAINING, *VALIDATION))
    )
    for name in names:
        hook = getattr(part, name)
        if name in also or getattr(hook, "__func__", None) is getattr(kind, name):
            setattr(part, name, None)
