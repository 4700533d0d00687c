"""Pictures of what a detector sees: true and predicted boxes, its worst misses, its precision."""

from collections.abc import Sequence

import numpy as np
import pytorch_lightning as pl
import torch
from matplotlib import colormaps
from matplotlib.figure import Figure
from PIL import Image
from torch import Tensor

from bakeoff.images.boxes import xywh_to_xyxy
from bakeoff.images.drawing import PREDICTED, TRUE, Mark, as_uint8, draw, grid
from bakeoff.run.parts.supervised import Supervised
from bakeoff.run.predictions import predictions
from bakeoff.showcase.best_weights import best_weights
from bakeoff.showcase.chosen import drawn_and_worst
from bakeoff.showcase.raster import rasterized
from bakeoff.showcase.validation_pictures import are_due, log_pictures
from bakeoff.tasks.detection.average_precision import OVERLAPS, RECALLS
from bakeoff.tasks.detection.decode import decode, findings
from bakeoff.tasks.detection.metrics import AveragePrecision
from bakeoff.tasks.detection.misses import misses

COLUMNS = 4


class DetectionShowcase(pl.Callback):
    """Validation images and precision in TensorBoard every few epochs; pictures of any split on request.

    `threshold` is the least score of a box that is drawn, or counts as a mistake; `overlap` as in
    `decode`.
    """

    def __init__(self, every_epochs: int, samples: int, threshold: float, overlap: float) -> None:
        self.every_epochs = every_epochs
        self.samples = samples
        self.threshold = threshold
        self.overlap = overlap

    def on_validation_epoch_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Log the first validation images, always the same ones, and the curve over all of them."""
        if not are_due(trainer, self.every_epochs):
            return
        images, targets = trainer.datamodule.splits["val"][: self.samples]
        with torch.no_grad():
            output = module(images.to(module.device)).cpu()
        names = trainer.datamodule.class_names
        pictures = {"validation": self._drawn(images, output, targets, names)}
        for metric in module.metrics.modules():  # they hold all of the validation split
            if isinstance(metric, AveragePrecision):
                pictures["precision-recall"] = precision_recall(metric.precisions())
        log_pictures(trainer, pictures)

    def on_train_end(self, trainer: pl.Trainer, module: Supervised) -> None:
        """Log the worst misses of the best epoch, and its curve of precision over recall."""
        with best_weights(trainer, module):
            images, output, targets = predictions(module, trainer.datamodule, "val")
        names = trainer.datamodule.class_names
        worst = self._worst_first(output, targets)[: self.samples]
        picture = self._drawn(images[worst], output[worst], targets[worst], names)
        log_pictures(trainer, {"worst misses": picture})
        metric = AveragePrecision(threshold=0.01, overlap=self.overlap)
        metric.update(output, targets)
        count = int((targets[..., 0] > 0).sum())
        log_precision(trainer, metric.precisions()[0], count)

    def exhibits(
        self, module: Supervised, data: pl.LightningDataModule, split: str, seed: int
    ) -> dict[str, Image.Image]:
        """The `pictures` of a split."""
        return self.pictures(*predictions(module, data, split), data.class_names, seed)

    def pictures(
        self, images: Tensor, output: Tensor, targets: Tensor, names: Sequence[str], seed: int
    ) -> dict[str, Image.Image]:
        """`samples` drawn by `seed`, the worst misses, and the curves of precision over recall."""
        drawn, worst = drawn_and_worst(self._worst_first(output, targets), self.samples, seed)
        metric = AveragePrecision(threshold=0.01, overlap=self.overlap)
        metric.update(output, targets)
        return {
            title: self._drawn(images[index], output[index], targets[index], names)
            for title, index in (("samples", drawn), ("worst misses", worst))
        } | {"precision recall": precision_recall(metric.precisions())}

    def _worst_first(self, output: Tensor, targets: Tensor) -> Tensor:
        found = decode(output, 1, 1, self.threshold, self.overlap)
        return misses(*found, targets).worst_first()

    def _drawn(
        self, images: Tensor, output: Tensor, targets: Tensor, names: Sequence[str]
    ) -> Image.Image:
        height, width = images.shape[-2:]
        size = torch.tensor([width, height, width, height])
        wrong = misses(*decode(output, 1, 1, self.threshold, self.overlap), targets)
        found = findings(output, height, width, self.threshold, self.overlap)
        pictures = []
        for i, image in enumerate(as_uint8(images[:, 0])):
            true = targets[i][targets[i, :, 0] > 0]
            marks = [Mark(tuple(box.tolist()), TRUE) for box in xywh_to_xyxy(true[:, 1:5]) * size]
            marks += [
                Mark(finding.box, PREDICTED, f"{names[finding.label]} {finding.score:.0%}")
                for finding in found[i]
            ]
            caption = [(" ".join(names[int(label)] for label in true[:, 5]) or "empty", TRUE)]
            for count, what in ((wrong.missed[i], "missed"), (wrong.false[i], "false")):
                if count:
                    caption.append((f"{count} {what}", PREDICTED))
            caption.append((f"IoU {wrong.iou[i]:.2f}", "white"))
            pictures.append(draw(image, marks, caption))
        return grid(pictures, COLUMNS)


def log_precision(trainer: pl.Trainer, precision: np.ndarray, count: int) -> None:
    """Log `precision` (recalls, classes) at one overlap, averaged over the classes, for TensorBoard's page
    of such curves; its counts are those of `count` true boxes at this precision and recall.
    """
    there = precision[:, ~np.isnan(precision).any(axis=0)]
    if not there.size:
        return
    # TensorBoard's thresholds rise, and recall falls with them.
    mean, recall = there.mean(axis=1)[::-1], np.asarray(RECALLS)[::-1]
    right = recall * count
    false = right * (1 - mean) / np.maximum(mean, 1e-3)
    trainer.logger.experiment.add_pr_curve_raw(
        f"IoU {OVERLAPS[0]:.2f}",
        *(right, false, np.zeros_like(right), count - right),
        *(mean, recall),
        trainer.global_step,
        num_thresholds=len(recall),
    )


def precision_recall(precision: np.ndarray) -> Image.Image:
    """Precision over recall, averaged over the classes, at several overlaps.

    `precision` (overlaps, recalls, classes) as in `average_precision.precisions`.
    """
    figure = Figure(figsize=(6, 4.5), layout="constrained")
    axes = figure.add_subplot()
    there = precision[:, :, ~np.isnan(precision).any(axis=(0, 1))]
    for index in range(0, len(OVERLAPS) if there.size else 0, 2):
        curve = there[index].mean(axis=1)
        label = f"IoU {OVERLAPS[index]:.2f}: {curve.mean():.3f}"
        axes.plot(RECALLS, curve, label=label, color=colormaps["viridis"](index / len(OVERLAPS)))
    axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0, 1.02))
    axes.grid(alpha=0.3)
    if there.size:
        axes.legend(title="average precision", loc="lower left", frameon=False)
    return rasterized(figure)
