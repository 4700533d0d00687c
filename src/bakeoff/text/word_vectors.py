"""The vectors of words that a run has learned."""

from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer
from torch import Tensor

from bakeoff.errors import BakeoffError
from bakeoff.store import paths, record
from bakeoff.store.checkpoint import checkpoint
from bakeoff.store.inside import inside
from bakeoff.store.plain_file import read_text
from bakeoff.text.corpus import TOKENIZER
from bakeoff.text.tokenizer import vocabulary

KEY = "net.embedding.weight"


@dataclass(frozen=True)
class WordVectors:
    """`vectors` (words, dimension), float32, of the words of `tokenizer`'s vocabulary."""

    tokenizer: Tokenizer
    vectors: Tensor

    @property
    def words(self) -> list[str]:
        """The vocabulary by id."""
        return vocabulary(self.tokenizer)


def load_vectors(run_dir: Path) -> WordVectors:
    """The vectors of a run. Raises BakeoffError where it has none."""
    state = checkpoint(run_dir, record.read(run_dir))["state_dict"]
    if KEY not in state or not (run_dir / TOKENIZER).is_file():
        raise BakeoffError(
            f"{run_dir} has learned no vectors of words: expected a run of a task with words, such as "
            "embedding/latest"
        )
    found = WordVectors(load_tokenizer(run_dir), state[KEY])
    if len(found.words) != len(found.vectors):
        raise BakeoffError(
            f"{run_dir}: {TOKENIZER} has {len(found.words):,} words, the weights have "
            f"{len(found.vectors):,}: expected those of one training; train this run again"
        )
    return found


def load_tokenizer(run_dir: Path) -> Tokenizer:
    """The tokenizer that a run has kept. Raises BakeoffError where its file is damaged."""
    path = inside(run_dir, TOKENIZER)
    try:
        return Tokenizer.from_str(read_text(path))
    except Exception as error:  # the library raises no other
        raise BakeoffError(f"{path} is damaged: {error}") from None


def table_for(run: str, wanted: list[str]) -> Tensor:
    """The vectors of `run` (given as on the command line), (words, dimension), for the vocabulary `wanted`.

    Raises BakeoffError where the vocabularies differ, and says how.
    """
    found = load_vectors(paths.run_dir(run))
    there = found.words
    if there != wanted:
        lacks, has = sorted(set(wanted) - set(there)), sorted(set(there) - set(wanted))
        raise BakeoffError(
            f"model.embedding={run} has another vocabulary ({len(there):,} words) than the data "
            f"({len(wanted):,}): "
            + "; ".join(
                f"{what} {len(words):,}, such as {', '.join(words[:3])}"
                for what, words in (("it lacks", lacks), ("it has more:", has))
                if words
            )
            + ("" if lacks or has else "the same words in another order")
            + ". Train both on the same data.corpus"
        )
    return found.vectors
