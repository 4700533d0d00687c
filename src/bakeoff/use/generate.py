"""`bakeoff generate`: a trained language model continues texts."""

import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bakeoff.errors import BakeoffError
from bakeoff.text.decoding import Beams, Limits, Sampling

MOST_WORDS = 100_000
MOST_PROMPTS = 10_000_000  # characters of a file


@dataclass(frozen=True, kw_only=True)
class Request:
    """The settings of the command line, checked before anything is loaded.

    A text has at most `words` tokens; with `least` it ends at the first . ! ? from that number of tokens
    on. `sampling` None means beam search with `beams`. `ngram` is the no-repeat n-gram size.
    """

    words: int
    least: int | None
    ngram: int
    beams: Beams
    sampling: Sampling | None
    seed: int
    samples: int
    as_json: bool

    def __post_init__(self) -> None:
        self.limits(0, ())
        if self.words > MOST_WORDS:
            raise BakeoffError(f"--words is {self.words:,}: expected {MOST_WORDS:,} at most")
        if self.samples < 1:
            raise BakeoffError(f"--samples is {self.samples}: expected 1 or more")

    def limits(self, unknown: int, ends: Sequence[int]) -> Limits:
        """The limits in ids: `unknown` never occurs, `ends` are the marks that may end a text."""
        return Limits(
            minimum=self.words if self.least is None else self.least,
            maximum=self.words,
            ends=() if self.least is None else tuple(ends),
            forbidden=(unknown,),
            ngram=self.ngram,
        )


def read_prompts(texts: Sequence[str], file: str | None) -> list[str]:
    """The prompts `texts`, then the lines of `file` (`-`: standard input).

    Raises BakeoffError if there is no prompt or if the file cannot be read.
    """
    prompts = list(texts)
    if file is not None:
        try:
            if file == "-":
                content = sys.stdin.read(MOST_PROMPTS + 1)
            else:
                with Path(file).open(encoding="utf-8") as opened:
                    content = opened.read(MOST_PROMPTS + 1)
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8"
            raise BakeoffError(f"cannot read prompts from {file}: {reason}") from None
        if len(content) > MOST_PROMPTS:
            raise BakeoffError(
                f"{file} has more than {MOST_PROMPTS:,} characters: expected prompts, one a line"
            )
        prompts += [line for line in content.splitlines() if line.strip()]
    if not prompts:
        raise BakeoffError(
            'no prompt: give a text, such as "i have a dream", or --file FILE with one prompt a line'
        )
    return prompts


def generate(run_dir: Path, prompts: Sequence[str], request: Request) -> None:
    """Print the continuations of every prompt with their scores. Raises BakeoffError."""
    from bakeoff.use.language_model import load_language_model

    model = load_language_model(run_dir)
    ids = [model.encode(prompt) for prompt in prompts]
    marks = [model.tokenizer.token_to_id(mark) for mark in ".!?"]
    limits = request.limits(model.unknown, [mark for mark in marks if mark is not None])
    err = Console(stderr=True)
    with err.status(f"generating {request.words:,} words"):
        try:
            if request.sampling is None:
                found = model.beams(ids, limits, request.beams)
            else:
                found = model.sample(ids, limits, request.sampling, request.seed, request.samples)
        except (MemoryError, RuntimeError) as error:
            if isinstance(error, RuntimeError) and "memory" not in str(error):
                raise
            raise BakeoffError(
                f"not enough memory for {len(ids)} prompts with {request.beams.count} beams: give fewer "
                "or shorter prompts"
            ) from None
    results = [
        {
            "prompt": model.text(prompt),
            "continuations": [
                {
                    "text": model.text([*prompt, *text.words]),
                    "log_probability": text.log_prob,
                    "score": text.score,
                    "perplexity": math.exp(-text.log_prob / len(text.words)),
                }
                for text in texts
            ],
        }
        for prompt, texts in zip(ids, found, strict=True)
    ]
    if request.as_json:
        print(json.dumps(results, indent=2, ensure_ascii=False))
        return
    for number, result in enumerate(results):
        if number:
            print()
        for text in result["continuations"]:
            print(f"{text['log_probability']:9.2f}  {text['text']}")
