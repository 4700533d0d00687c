"""What a language model writes."""

from collections.abc import Sequence
from pathlib import Path

import pytorch_lightning as pl
import torch

from bakeoff.run.supervised import Supervised
from bakeoff.showcase.exhibits import Exhibit, Table, write_exhibit
from bakeoff.text.decoding import Beams, Limits
from bakeoff.text.language_model import LanguageModel


class GenerationShowcase(pl.Callback):
    """Continues `prompts` by `words` words with beam search, after training and for the report.

    At the end of a training the best weights write with `beams` beams; the texts go to the run's folder and
    to TensorBoard. The exhibit compares the numbers of beams in `widths`. `ngram` is the no-repeat n-gram
    size: a sequence of that many words occurs at most once in a text; 0 turns it off.
    """

    def __init__(
        self, prompts: Sequence[str], words: int, beams: int, widths: Sequence[int], ngram: int
    ) -> None:
        self.prompts = prompts
        self.words = words
        self.beams = beams
        self.widths = widths
        self.ngram = ngram

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
        lines = "\n".join(f"- {row[-1]}" for row in table.rows)
        trainer.logger.experiment.add_text("continuations", lines, trainer.global_step)

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
        module.eval()
        model = LanguageModel(module.net, data.corpus.tokenizer)
        prompts = [model.encode(prompt) for prompt in self.prompts]
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
        note = f"{self.words} generated words each; no-repeat n-gram size {self.ngram}."
        return Table(["beams", "log-probability", "text"], rows, note)
