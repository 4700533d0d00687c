"""Pictures of what a localization net sees: true and predicted boxes with their labels."""

from collections.abc import Sequence

import pytorch_lightning as pl
import torch
from PIL import Image
from torch import Tensor

from bakeoff.images.boxes import xywh_to_xyxy
from bakeoff.images.drawing import PREDICTED, TRUE, Mark, as_uint8, draw, grid
from bakeoff.run.parts.supervised import Supervised
from bakeoff.run.predictions import predictions
from bakeoff.showcase.best_weights import best_weights
from bakeoff.showcase.chosen import drawn_and_worst
from bakeoff.showcase.validation_pictures import are_due, log_pictures
from bakeoff.tasks.boxes.metrics import object_hits

COLUMNS = 4


class LocalizationShowcase(pl.Callback):
    """Validation images in TensorBoard every few epochs; pictures of any split on request."""

    def __init__(self, every_epochs: int, samples: int) -> None:
        self.every_epochs = every_epochs
        self.samples = samples

    def on_validation_epoch_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Log the first validation images, always the same ones."""
        if not are_due(trainer, self.every_epochs):
            return
        images, targets = trainer.datamodule.splits["val"][: self.samples]
        with torch.no_grad():
            output = module(images.to(module.device)).cpu()
        picture = _pictures(images, output, targets, trainer.datamodule.class_names)
        log_pictures(trainer, {"validation": picture})

    def on_train_end(self, trainer: pl.Trainer, module: Supervised) -> None:
        """Log the worst mistakes of the best epoch."""
        with best_weights(trainer, module):
            found = predictions(module, trainer.datamodule, "val")
        pictures = self.pictures(*found, trainer.datamodule.class_names, seed=0)
        log_pictures(trainer, {"worst mistakes": pictures["worst mistakes"]})

    def exhibits(
        self, module: Supervised, data: pl.LightningDataModule, split: str, seed: int
    ) -> dict[str, Image.Image]:
        """The `pictures` of a split."""
        return self.pictures(*predictions(module, data, split), data.class_names, seed)

    def pictures(
        self, images: Tensor, output: Tensor, targets: Tensor, names: Sequence[str], seed: int
    ) -> dict[str, Image.Image]:
        """`samples` drawn by `seed`, and the worst mistakes: the lowest sum of right class and IoU."""
        hits = object_hits(output, targets)
        # Without a digit there is no class and no box: only the confidence can be wrong.
        score = torch.where(hits["present"], hits["right"] + hits["iou"], 2.0 * hits["confident"])
        drawn, worst = drawn_and_worst(score.argsort(stable=True), self.samples, seed)
        return {
            title: _pictures(images[index], output[index], targets[index], names)
            for title, index in (("samples", drawn), ("worst mistakes", worst))
        }


def _pictures(images: Tensor, output: Tensor, targets: Tensor, names: Sequence[str]) -> Image.Image:
    height, width = images.shape[-2:]
    size = torch.tensor([width, height, width, height])
    true, predicted = (xywh_to_xyxy(part[:, 1:5]) * size for part in (targets, output))
    overlap = object_hits(output, targets)["iou"]
    confidence = output[:, 0].sigmoid()
    probability, label = output[:, 5:].softmax(dim=1).max(dim=1)
    pictures = []
    for i, image in enumerate(as_uint8(images[:, 0])):
        marks, caption = [], [("empty", TRUE)]
        if targets[i, 0] > 0.5:
            marks = [Mark(tuple(true[i].tolist()), TRUE)]
            caption = [(names[int(targets[i, 5])], TRUE)]
        if confidence[i] > 0.5:
            marks.append(Mark(tuple(predicted[i].tolist()), PREDICTED))
            caption.append((f"{names[label[i]]} {probability[i]:.0%}", PREDICTED))
        else:
            caption.append((f"empty {1 - confidence[i]:.0%}", PREDICTED))
        if marks and targets[i, 0] > 0.5:
            caption.append((f"IoU {overlap[i]:.2f}", "white"))
        pictures.append(draw(image, marks, caption))
    return grid(pictures, COLUMNS)
