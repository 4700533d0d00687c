"""What a language model writes."""

from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

import pytorch_lightning as pl
import torch

from bakeoff.errors import BakeoffError
from bakeoff.run.parts.supervised import Supervised
from bakeoff.showcase.exhibits import Exhibit, Table, write_exhibit
from bakeoff.showcase.validation_pictures import are_due
from bakeoff.text.decoding import Beams, Limits
from bakeoff.text.language_model import LanguageModel
from bakeoff.text.tokenizer import vocabulary


class GenerationShowcase(pl.Callback):
    """Continues `prompts` by `words` words with beam search, while it trains and for the report.

    Every `every_epochs` epochs the net writes with `beams` beams to TensorBoard; at the end of a training
    the best weights do, to TensorBoard and to the run's folder. The exhibit compares the numbers of beams
    in `widths`. `ngram` is the no-repeat n-gram size: a sequence of that many words occurs at most once in
    a text; 0 turns it off. The most frequent words stand in for prompts of which the vocabulary has no
    word.
    """

    def __init__(
        self,
        every_epochs: int,
        prompts: Sequence[str],
        words: int,
        beams: int,
        widths: Sequence[int],
        ngram: int,
    ) -> None:
        self.every_epochs = every_epochs
        self.prompts = prompts
        self.words = words
        self.beams = beams
        self.widths = widths
        self.ngram = ngram

    def on_validation_epoch_end(self, trainer: pl.Trainer, module: Supervised) -> None:
        """Log what the net writes after this epoch."""
        if not are_due(trainer, self.every_epochs):
            return
        table = self._table(module, trainer.datamodule, [self.beams])
        text = f"After epoch {trainer.current_epoch}:\n\n{_lines(table)}"
        trainer.logger.experiment.add_text("continuations/by epoch", text, trainer.global_step)

    def on_train_end(self, trainer: pl.Trainer, module: Supervised) -> None:
        """Write a table beside the run's record."""
        best = trainer.checkpoint_callback.best_model_path
        last = {name: part.clone() for name, part in module.state_dict().items()}
        weights = torch.load(best, weights_only=True, map_location="cpu")["state_dict"]
        module.load_state_dict(weights)
        table = self._table(module, trainer.datamodule, [self.beams])
        module.load_state_dict(last)
        run_dir = Path(trainer.default_root_dir)
        write_exhibit(run_dir / "exhibits" / "continuations", table)
        trainer.logger.experiment.add_text(
            "continuations/best epoch", _lines(table), trainer.global_step
        )

    def exhibits(
        self, module: Supervised, data: pl.LightningDataModule, split: str, seed: int
    ) -> dict[str, Exhibit]:
        """The texts by number of beams; they depend on no split, so only `val` has them."""
        if split != "val":
            return {}
        return {"beam width": self._table(module, data, self.widths)}

    def _table(
        self, module: Supervised, data: pl.LightningDataModule, widths: Sequence[int]
    ) -> Table:
        training = module.training
        module.eval()
        model = LanguageModel(module.net, data.corpus.tokenizer)
        prompts = known_prompts(model, self.prompts)
        limits = Limits(
            minimum=self.words,
            maximum=self.words,
            forbidden=(model.unknown,),
            ngram=self.ngram,
        )
        rows = []
        found = {
            width: model.beams(prompts, limits, Beams(count=width, length_exponent=1.0))
            for width in widths
        }
        for number, prompt in enumerate(prompts):
            for width in widths:
                best = found[width][number][0]
                text = model.text([*prompt, *best.words])
                rows.append([width, f"{best.log_prob:.2f}", text])
        module.train(training)
        note = f"{self.words} generated words each; no-repeat n-gram size {self.ngram}."
        return Table(["beams", "log-probability", "text"], rows, note)


def known_prompts(model: LanguageModel, prompts: Sequence[str]) -> list[list[int]]:
    """The ids of the prompts of which the vocabulary has a word, or of its most frequent words where it has
    none of any.
    """
    known = []
    for prompt in prompts:
        with suppress(BakeoffError):
            known.append(model.encode(prompt))
    if known:
        return known
    words = vocabulary(model.tokenizer)  # by frequency
    frequent = (number for number, word in enumerate(words) if word.isalpha())
    return [[number] for number in islice(frequent, len(prompts))]


def _lines(table: Table) -> str:
    return "\n".join(f"- {row[-1]}" for row in table.rows)
