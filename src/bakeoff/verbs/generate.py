"""`bakeoff generate`: texts for a trained language model to go on with."""

import argparse

from bakeoff.errors import BakeoffError
from bakeoff.store import paths

# (option, type, default, help)
LENGTH_AND_BEAMS = (
    ("--words", int, 30, "words and marks to add"),
    ("--min-words", int, None, "end at the first . ! ? after so many"),
    ("--beams", int, 5, "beams of the search; all are printed"),
    ("--length-exponent", float, 1.0, "rank by log-probability / length to this power"),
    ("--no-repeat", int, 3, "so many words in a row do not come twice; 0: they may"),
)
SAMPLING = (  # these say nothing to beams
    ("--temperature", float, 1.0, "of sampling"),
    ("--top-k", int, None, "sample from the k most probable words"),
    ("--top-p", float, 1.0, "sample from those that reach this probability together"),
    ("--seed", int, 0, "of sampling"),
    ("--samples", int, 1, "texts to sample for each prompt"),
)


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser("generate", help="continue a text with a language model")
    parser.add_argument("run", help=paths.RUN_FORMS)
    parser.add_argument("prompts", nargs="*", metavar="TEXT")
    parser.add_argument("--file", help="prompts, one a line; - is standard input")
    for option, kind, default, text in LENGTH_AND_BEAMS + SAMPLING:
        shown = text if default is None else f"{text} ({default})"
        parser.add_argument(option, type=kind, default=default, help=shown)
    parser.add_argument("--sample", action="store_true", help="draw words, no beam search")
    parser.add_argument("--json", action="store_true", help="print JSON")
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
    """Raise BakeoffError for options of sampling where beams are searched."""
    given = vars(parsed)
    unused = [
        option
        for option, _, default, _ in SAMPLING
        if given[option.removeprefix("--").replace("-", "_")] != default
    ]
    if unused and not parsed.sample:
        raise BakeoffError(
            f"{', '.join(unused)} given without --sample: beam search draws nothing; add --sample, or "
            "leave them out"
        )
