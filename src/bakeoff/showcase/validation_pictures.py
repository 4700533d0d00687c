"""Pictures of the validation split in TensorBoard, every few epochs."""

from collections.abc import Mapping

import numpy as np
import pytorch_lightning as pl
from PIL import Image


def are_due(trainer: pl.Trainer, every_epochs: int) -> bool:
    """Whether the epoch that ends is one of those: the first, each `every_epochs` later, and the last."""
    if trainer.sanity_checking:
        return False
    last = trainer.current_epoch + 1 == trainer.max_epochs
    return last or trainer.current_epoch % every_epochs == 0


def log_pictures(trainer: pl.Trainer, pictures: Mapping[str, Image.Image]) -> None:
    """Log `pictures` under their names, at the step of the training."""
    for name, picture in pictures.items():
        trainer.logger.experiment.add_image(
            name, np.asarray(picture), trainer.global_step, dataformats="HWC"
        )
