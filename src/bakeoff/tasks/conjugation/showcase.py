"""What a net conjugates: its confusion matrix, sentences right and wrong."""

from collections.abc import Sequence

import pytorch_lightning as pl
import torch
from torch import Tensor
from torchmetrics.functional.classification import multiclass_confusion_matrix

from bakeoff.run.parts.supervised import Supervised
from bakeoff.run.predictions import predictions
from bakeoff.showcase.confusion import draw_confusion
from bakeoff.showcase.exhibits import Exhibit, Table


class ConjugationShowcase(pl.Callback):
    """On request the confusion matrix of a split and `sentences` of it, half of them told right, half
    wrong, drawn by a seed.
    """

    def __init__(self, sentences: int) -> None:
        self.sentences = sentences

    def exhibits(
        self, module: Supervised, data: pl.LightningDataModule, split: str, seed: int
    ) -> dict[str, Exhibit]:
        """A picture and a table."""
        contexts, output, targets = predictions(module, data, split)
        names = data.class_names
        matrix = multiclass_confusion_matrix(output, targets, len(names))
        table = self._table(contexts, output, targets, names, data.corpus.words, data.before, seed)
        return {"confusion matrix": draw_confusion(matrix, names), "sentences": table}

    def _table(
        self,
        contexts: Tensor,
        output: Tensor,
        targets: Tensor,
        names: Sequence[str],
        words: Sequence[str],
        before: int,
        seed: int,
    ) -> Table:
        probability, guess = output.softmax(dim=1).max(dim=1)
        order = torch.randperm(len(targets), generator=torch.Generator().manual_seed(seed))
        right = guess[order] == targets[order]
        half = self.sentences // 2
        chosen = torch.cat([order[right][:half], order[~right][: self.sentences - half]])
        rows = []
        for i in chosen.tolist():
            text = [words[number] for number in contexts[i].tolist()]
            sentence = " ".join([*text[:before], "___", *text[before:]])
            said = f"{names[guess[i]]} ({probability[i]:.0%})"
            rows.append([sentence, names[targets[i]], said])
        return Table(
            ["context", "true", "predicted"], rows, "First those told right, then the wrong."
        )
