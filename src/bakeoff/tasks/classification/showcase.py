"""Pictures of what a classifier sees: samples, its worst mistakes, its confusion matrix."""

from collections.abc import Sequence

import numpy as np
import pytorch_lightning as pl
import torch
from PIL import Image
from torch import Tensor
from torchmetrics.functional.classification import multiclass_confusion_matrix

from bakeoff.images.drawing import PREDICTED, TRUE, as_uint8, draw, grid
from bakeoff.metrics.classification import ClassificationMetrics, class_scores
from bakeoff.run.parts.supervised import Supervised
from bakeoff.run.predictions import predictions
from bakeoff.showcase.best_weights import best_weights
from bakeoff.showcase.chosen import drawn_and_worst
from bakeoff.showcase.confusion import draw_confusion
from bakeoff.showcase.projector import Projection
from bakeoff.showcase.validation_pictures import are_due, log_pictures
from bakeoff.tasks.classification.penultimate import penultimate

COLUMNS = 4
WIDTH = 150  # pixels that an image is enlarged to, about, so that its caption fits
PENULTIMATE = "penultimate layer"
MOST_CLASSES = 40  # in a picture of the confusion matrix


class ClassificationShowcase(pl.Callback):
    """Validation images, the confusion matrix and a table per class in TensorBoard every few epochs;
    pictures of any split on request, and the last layer's inputs of `projected` validation images.
    """

    def __init__(self, every_epochs: int, samples: int, projected: int) -> None:
        self.every_epochs = every_epochs
        self.samples = samples
        self.projected = projected

    def on_validation_epoch_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Log pictures of the validation split; of images always the same ones."""
        if not are_due(trainer, self.every_epochs):
            return
        names = trainer.datamodule.class_names
        part = trainer.datamodule.splits["val"]
        images, labels = part[_spread(len(part), self.samples)]
        output = module(images.to(module.device)).cpu()
        pictures = (
            {"validation": _pictures(images, output, labels, names)} if _shown(images) else {}
        )
        matrix = _matrix(module)
        if len(names) <= MOST_CLASSES:
            pictures["validation confusion"] = draw_confusion(matrix, names)
        log_pictures(trainer, pictures)
        table = class_table(matrix, names)
        trainer.logger.experiment.add_text("validation classes", table, trainer.global_step)

    def on_train_end(self, trainer: pl.Trainer, module: Supervised) -> None:
        """Log the worst mistakes of the best epoch, and each class's precision over recall."""
        with best_weights(trainer, module):
            images, output, labels = predictions(module, trainer.datamodule, "val")
        names = trainer.datamodule.class_names
        if _shown(images):
            worst = worst_first(output, labels)[: self.samples]
            picture = _pictures(images[worst], output[worst], labels[worst], names)
            log_pictures(trainer, {"worst mistakes": picture})
        probabilities = output.softmax(dim=1)
        for i, name in enumerate(names if len(names) <= MOST_CLASSES else ()):
            trainer.logger.experiment.add_pr_curve(
                f"class/{name}", labels == i, probabilities[:, i], trainer.global_step
            )

    def exhibits(
        self, module: Supervised, data: pl.LightningDataModule, split: str, seed: int
    ) -> dict[str, Image.Image]:
        """The `pictures` of a split."""
        return self.pictures(*predictions(module, data, split), data.class_names, seed)

    def projection(self, module: Supervised, data: pl.LightningDataModule) -> Projection | None:
        """The last layer's inputs of validation images spread over the split, labelled by class; None of a
        net that calls no layer.
        """
        part, names = data.splits["val"], data.class_names
        images, labels = part[_spread(len(part), self.projected)]
        with torch.no_grad():
            vectors, output = penultimate(module.net, lambda: module(images.to(module.device)))
        if vectors is None:
            return None
        probability, predicted = output.softmax(dim=1).cpu().max(dim=1)
        rows = [
            [names[true], names[guess], "yes" if true == guess else "no", f"{sure:.3f}"]
            for true, guess, sure in zip(
                labels.tolist(), predicted.tolist(), probability.tolist(), strict=True
            )
        ]
        columns = ["class", "predicted", "right", "probability"]
        return Projection(PENULTIMATE, vectors.cpu(), columns, rows, _thumbnails(images))

    def pictures(
        self, images: Tensor, output: Tensor, targets: Tensor, names: Sequence[str], seed: int
    ) -> dict[str, Image.Image]:
        """`samples` drawn by `seed`; the worst mistakes, by the least probability of the true class;
        the confusion matrix with precision, recall and F1 of every class.
        """
        drawn, worst = drawn_and_worst(worst_first(output, targets), self.samples, seed)
        pictures = {
            title: _pictures(images[index], output[index], targets[index], names)
            for title, index in (("samples", drawn), ("worst mistakes", worst))
            if _shown(images)
        }
        if len(names) <= MOST_CLASSES:
            matrix = multiclass_confusion_matrix(output, targets, len(names))
            pictures["confusion matrix"] = draw_confusion(matrix, names)
        return pictures


def _matrix(module: Supervised) -> Tensor:
    """The confusion matrix of the validation split, which the module's metrics hold."""
    metrics = (one for one in module.metrics.modules() if isinstance(one, ClassificationMetrics))
    return next(metrics).matrix.cpu()


def worst_first(output: Tensor, labels: Tensor) -> Tensor:
    """All indices (N,), the image of the least probability of its true class first."""
    true = output.softmax(dim=1).gather(1, labels.unsqueeze(1)).squeeze(1)
    return true.argsort(stable=True)


def class_table(matrix: Tensor, names: Sequence[str]) -> str:
    """Precision, recall, F1 and number of images per class, as a Markdown table."""
    scores = class_scores(matrix)
    rows = ["| class | precision | recall | F1 | images |", "|---|---|---|---|---|"]
    for name, *values, images in zip(names, *(s.tolist() for s in scores.values()), strict=True):
        rows.append(f"| {name} | {' | '.join(f'{v:.4f}' for v in values)} | {images:.0f} |")
    return "\n".join(rows)


def _spread(count: int, samples: int) -> list[int]:
    """Rows spread over a split, which may be sorted by class."""
    return torch.linspace(0, count - 1, min(samples, count)).long().tolist()


def _shown(inputs: Tensor) -> bool:
    """Whether inputs are pictures: of one channel or three; data of the user's own can be anything."""
    return inputs.ndim == 4 and inputs.shape[1] in (1, 3)


def _levels(images: Tensor) -> Tensor:
    """Images as uint8; floats are stretched from the least to the largest of them."""
    if images.dtype is torch.uint8:
        return images
    low, high = images.min(), images.max()
    return ((images - low) / (high - low).clamp_min(1e-12) * 255).round().to(torch.uint8)


def _thumbnails(images: Tensor) -> list[Image.Image]:
    """Images (N, 1 or 3, H, W); none of inputs of another shape."""
    if images.ndim != 4 or images.shape[1] not in (1, 3):
        return []
    levels = as_uint8(images.movedim(1, -1).expand(-1, -1, -1, 3))
    return [Image.fromarray(np.ascontiguousarray(image)) for image in levels]


def _pictures(images: Tensor, output: Tensor, labels: Tensor, names: Sequence[str]) -> Image.Image:
    probability, predicted = output.softmax(dim=1).max(dim=1)
    scale = max(1, round(WIDTH / images.shape[-1]))
    pictures = []
    for i, image in enumerate(_levels(images).movedim(1, -1).numpy()):
        guess = f"{names[predicted[i]]} {probability[i]:.0%}"
        caption = [(names[labels[i]], TRUE), (guess, PREDICTED)]
        pictures.append(
            draw(image.squeeze(-1) if image.shape[-1] == 1 else image, [], caption, scale)
        )
    return grid(pictures, COLUMNS)
