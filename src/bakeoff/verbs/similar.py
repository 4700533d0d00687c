"""`bakeoff similar`: words to a run's word vectors."""

import argparse
from pathlib import Path

from bakeoff.errors import BakeoffError
from bakeoff.store import paths
from bakeoff.verbs import allow_option


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser("similar", help="nearest words by cosine similarity")
    parser.add_argument("run", help=paths.RUN_FORMS)
    parser.add_argument("words", nargs="*", default=[], metavar="WORD")
    parser.add_argument("--count", type=int, default=10, help="nearest words to show (10)")
    parser.add_argument(
        "--analogy", action="store_true", help="three words: man king woman asks for a queen"
    )
    parser.add_argument(
        "--score",
        nargs="+",
        type=Path,
        default=[],
        metavar="FILE",
        help="agreement with people's judgements: lines of two words and a number",
    )
    allow_option.add(parser)
    parser.set_defaults(answer=answer, tail="words")


def answer(parsed: argparse.Namespace) -> None:
    """Print the nearest words, then the scores."""
    if not parsed.words and (parsed.analogy or not parsed.score):
        raise BakeoffError("similar: give words, such as bakeoff similar embedding/latest he good")
    run_dir = paths.run_dir(parsed.run)
    from bakeoff.use import similar

    if parsed.words:
        similar.similar(run_dir, parsed.words, parsed.count, parsed.analogy)
    if parsed.score:
        similar.score(run_dir, parsed.score)
