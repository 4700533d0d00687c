"""`bakeoff generate`: continue texts with a trained language model."""

import argparse

from bakeoff.errors import BakeoffError
from bakeoff.store import paths
from bakeoff.verbs import allow_option

# (option, type, default, help)
LENGTH_AND_BEAMS = (
    ("--words", int, 30, "number of words and punctuation marks to generate, at most"),
    ("--min-words", int, None, "end a text at the first . ! ? from this number of words on"),
    ("--beams", int, 5, "number of beams; prints the text of each"),
    ("--length-exponent", float, 1.0, "rank by log-probability / length to this power"),
    (
        "--no-repeat",
        int,
        3,
        "no-repeat n-gram size: a sequence of this many words occurs at most once; 0 turns it off",
    ),
)
SAMPLING = (  # beam search uses none of these
    ("--temperature", float, 1.0, "divides the log-probabilities before sampling"),
    ("--top-k", int, None, "sample from the k most probable words"),
    (
        "--top-p",
        float,
        1.0,
        "sample from the most probable words that together reach this probability",
    ),
    ("--seed", int, 0, "seed of the random numbers"),
    ("--samples", int, 1, "number of texts to sample for each prompt"),
)


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser("generate", help="continue a text with a language model")
    parser.add_argument("run", help=paths.RUN_FORMS)
    parser.add_argument("prompts", nargs="*", default=[], metavar="TEXT")
    parser.add_argument("--file", help="a file with one prompt a line; - is standard input")
    for option, kind, default, text in LENGTH_AND_BEAMS + SAMPLING:
        shown = text if default is None else f"{text} ({default})"
        parser.add_argument(option, type=kind, default=default, help=shown)
    parser.add_argument(
        "--sample", action="store_true", help="sample words instead of searching beams"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    allow_option.add(parser)
    parser.set_defaults(answer=answer)


def answer(parsed: argparse.Namespace) -> None:
    """Check the request before the model is loaded, then print the texts."""
    from bakeoff.text.decoding import Beams, Sampling
    from bakeoff.use.generate import Request, generate, read_prompts

    _refuse_unused(parsed)
    sampling = Sampling(temperature=parsed.temperature, top_k=parsed.top_k, top_p=parsed.top_p)
    request = Request(
        words=parsed.words,
        least=parsed.min_words,
        ngram=parsed.no_repeat,
        beams=Beams(count=parsed.beams, length_exponent=parsed.length_exponent),
        sampling=sampling if parsed.sample else None,
        seed=parsed.seed,
        samples=parsed.samples,
        as_json=parsed.json,
    )
    prompts = read_prompts(parsed.prompts, parsed.file)
    generate(paths.run_dir(parsed.run), prompts, request)


def _refuse_unused(parsed: argparse.Namespace) -> None:
    """Raise BakeoffError for options of sampling without --sample."""
    given = vars(parsed)
    unused = [
        option
        for option, _, default, _ in SAMPLING
        if given[option.removeprefix("--").replace("-", "_")] != default
    ]
    if unused and not parsed.sample:
        raise BakeoffError(
            f"{', '.join(unused)} given without --sample: beam search does not sample; add --sample, or "
            "leave them out"
        )
