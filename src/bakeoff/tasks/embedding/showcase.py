"""What a net has learned about words: their map, their nearest neighbours, vectors for other programs."""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytorch_lightning as pl
import torch
from matplotlib.figure import Figure
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from bakeoff.run.parts.supervised import Supervised
from bakeoff.showcase.exhibits import Exhibit, Table
from bakeoff.showcase.palette import INK
from bakeoff.showcase.raster import rasterized
from bakeoff.store import atomic
from bakeoff.text.similarity import nearest
from bakeoff.text.word_vectors import KEY

log = logging.getLogger(__name__)


class EmbeddingShowcase(pl.Callback):
    """At the end of a training, the best weights' vectors for TensorBoard's projector and, as
    `embeddings.tsv` and `metadata.tsv`, for others'; on request a map of the `shown` most frequent words
    and the nearest `neighbours` of `words`.
    """

    def __init__(self, words: Sequence[str], shown: int, neighbours: int) -> None:
        self.words = words
        self.shown = shown
        self.neighbours = neighbours

    def on_train_end(self, trainer: pl.Trainer, module: Supervised) -> None:
        """Write the vectors of the best epoch."""
        checkpoint = trainer.checkpoint_callback.best_model_path
        state = torch.load(checkpoint, weights_only=True, map_location="cpu")["state_dict"]
        if KEY not in state:
            log.warning("the net has no %s: no vectors of words are written", KEY)
            return
        vectors = state[KEY]
        words = trainer.datamodule.class_names
        counts = trainer.datamodule.class_counts().tolist()
        write_projector(Path(trainer.default_root_dir), vectors, words, counts)
        # Two columns: the projector drops the heading of a single one's file and is off by one.
        trainer.logger.experiment.add_embedding(
            vectors,
            metadata=[[word, str(count)] for word, count in zip(words, counts, strict=True)],
            metadata_header=["word", "count"],
            tag="words",
            global_step=trainer.global_step,
        )

    def exhibits(
        self, module: Supervised, data: pl.LightningDataModule, split: str, seed: int
    ) -> dict[str, Exhibit]:
        """The map and the table, which belong to no split: they are shown with validation only."""
        state = module.state_dict()
        if split != "val" or KEY not in state:
            return {}
        vectors, words = state[KEY].cpu(), data.class_names
        return {
            "map of words": word_map(vectors[1 : self.shown + 1], words[1 : self.shown + 1]),
            "nearest words": self._table(vectors, words),
        }

    def _table(self, vectors: Tensor, words: Sequence[str]) -> Table:
        """The most frequent words stand in for those of `words` that this vocabulary lacks."""
        ids = {word: number for number, word in enumerate(words)}
        chosen = [ids[word] for word in self.words if word in ids]
        frequent = (n for n in range(1, len(words)) if words[n].isalpha() and n not in chosen)
        while len(chosen) < min(len(self.words), len(words) - 1):
            if (number := next(frequent, None)) is None:
                break
            chosen.append(number)
        rows = [
            [
                words[number],
                ", ".join(
                    f"{words[other]} {cosine:.2f}"
                    for other, cosine in nearest(
                        vectors, vectors[number], [0, number], self.neighbours
                    )
                ),
            ]
            for number in chosen
        ]
        return Table(["word", "nearest words, by cosine similarity"], rows)


def write_projector(
    folder: Path, vectors: Tensor, words: Sequence[str], counts: Sequence[int]
) -> None:
    """`embeddings.tsv`, a vector a line, and `metadata.tsv`, its word and count below a heading, as the
    Embedding Projector loads them.
    """
    lines = ["\t".join(f"{value:.6g}" for value in vector) for vector in vectors.tolist()]
    atomic.write_text(folder / "embeddings.tsv", "\n".join(lines) + "\n")
    rows = [f"{word}\t{count}" for word, count in zip(words, counts, strict=True)]
    atomic.write_text(folder / "metadata.tsv", "\n".join(["word\tcount", *rows]) + "\n")


def principal_plane(vectors: Tensor) -> np.ndarray:
    """Unit vectors (W, D) along their two directions of largest variance, (W, 2); 0 along one that they
    do not have, as vectors of one dimension.
    """
    unit = F.normalize(vectors.double(), dim=1)
    centred = unit - unit.mean(dim=0)
    _, _, directions = torch.linalg.svd(centred, full_matrices=False)
    plane = centred @ directions[:2].T
    return F.pad(plane, (0, 2 - plane.shape[1])).numpy()


def word_map(vectors: Tensor, words: Sequence[str]) -> Image.Image:
    """Words in the plane of the two principal components of their unit vectors."""
    figure = Figure(figsize=(11, 8), layout="constrained")
    axes = figure.add_subplot()
    points = principal_plane(vectors)
    axes.scatter(*points.T, s=4, color="#d0a15f")
    for (x, y), word in zip(points, words, strict=True):
        axes.annotate(word, (x, y), fontsize=8, color=INK, ha="center", va="center")
    axes.set(xlabel="first principal component", ylabel="second principal component")
    axes.spines[["top", "right"]].set_visible(False)
    return rasterized(figure)
