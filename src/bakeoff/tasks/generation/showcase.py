"""What a language model writes."""

from collections.abc import Sequence
from pathlib import Path

import pytorch_lightning as pl
import torch

from bakeoff.run.supervised import Supervised
from bakeoff.showcase.exhibits import Exhibit, Table, write_exhibit
from bakeoff.text.decoding import Beams, Limits
from bakeoff.text.generator import Generator


class GenerationShowcase(pl.Callback):
    """At the end of a training the best weights' continuations of `prompts`, `words` long, by beam search
    with `beams` beams, in the run's folder and in TensorBoard; on request the same with every number of
    `widths`. `ngram` words in a row do not come twice.
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
        module.load_state_dict(torch.load(best, weights_only=True)["state_dict"])
        table = self._table(module, trainer.datamodule, [self.beams])
        module.load_state_dict(last)
        run_dir = Path(trainer.default_root_dir)
        write_exhibit(run_dir / "exhibits" / "continuations", table)
        lines = "\n".join(f"- {row[-1]}" for row in table.rows)
        trainer.logger.experiment.add_text("continuations", lines, trainer.global_step)

    def exhibits(
        self, module: Supervised, data: pl.LightningDataModule, split: str, seed: int
    ) -> dict[str, Exhibit]:
        """How the texts change with the number of beams; they belong to no split."""
        if split != "val":
            return {}
        return {"beam width": self._table(module, data, self.widths)}

    def _table(
        self, module: Supervised, data: pl.LightningDataModule, widths: Sequence[int]
    ) -> Table:
        module.eval()
        generator = Generator(module.net, data.corpus.tokenizer)
        prompts = [generator.encode(prompt) for prompt in self.prompts]
        limits = Limits(
            minimum=self.words,
            maximum=self.words,
            forbidden=(generator.unknown,),
            ngram=self.ngram,
        )
        rows = []
        found = {
            width: generator.beams(prompts, limits, Beams(count=width, length_exponent=1.0))
            for width in widths
        }
        for number, prompt in enumerate(prompts):
            for width in widths:
                best = found[width][number][0]
                text = generator.text([*prompt, *best.words])
                rows.append([width, f"{best.log_prob:.2f}", text])
        note = f"{self.words} words more, no {self.ngram} words in a row twice."
        return Table(["beams", "log-probability", "text"], rows, note)
