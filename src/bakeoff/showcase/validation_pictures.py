"""Pictures of the validation split in TensorBoard, every few epochs."""

import io
from collections.abc import Mapping

import pytorch_lightning as pl
from PIL import Image
from tensorboard.compat.proto.summary_pb2 import Summary


def are_due(trainer: pl.Trainer, every_epochs: int) -> bool:
    """Whether the epoch that ends is one of those: the first, each `every_epochs` later, and the last."""
    if trainer.sanity_checking:
        return False
    last = trainer.current_epoch + 1 == trainer.max_epochs
    return last or trainer.current_epoch % every_epochs == 0


def log_pictures(trainer: pl.Trainer, pictures: Mapping[str, Image.Image]) -> None:
    """Log `pictures` under their names, at the step of the training."""
    writer = trainer.logger.experiment.file_writer
    for name, picture in pictures.items():
        writer.add_summary(Summary(value=[_value(name, picture)]), trainer.global_step)


def _value(name: str, picture: Image.Image) -> Summary.Value:
    """As `SummaryWriter.add_image` makes it; but that compresses three times as long for files that are not
    much smaller.
    """
    content = io.BytesIO()
    picture = picture if picture.mode == "RGB" else picture.convert("RGB")
    picture.save(content, "PNG", compress_level=1)
    encoded = Summary.Image(
        height=picture.height,
        width=picture.width,
        colorspace=3,
        encoded_image_string=content.getvalue(),
    )
    return Summary.Value(tag=name, image=encoded)
