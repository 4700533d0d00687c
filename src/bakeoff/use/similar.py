"""`bakeoff similar`: the nearest words of words."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bakeoff.errors import BakeoffError, suggestion
from bakeoff.text.similarity import analogy, correlation, nearest
from bakeoff.text.tokenizer import UNKNOWN
from bakeoff.text.word_vectors import WordVectors, load_vectors


def similar(run_dir: Path, words: Sequence[str], count: int, is_analogy: bool) -> None:
    """Print the `count` nearest words of each word, or what completes an analogy. Raises BakeoffError
    that names the words outside the vocabulary.
    """
    found = load_vectors(run_dir)
    if count < 1:
        raise BakeoffError(f"--count is {count}: expected 1 or more")
    if is_analogy and len(words) != 3:
        raise BakeoffError(
            f"--analogy takes three words, got {len(words)}: man king woman asks for what is to woman as "
            "king is to man"
        )
    vocabulary, ids = found.words, _ids(found, words)
    if is_analogy:
        a, b, c = ids
        query = analogy(found.vectors, a, b, c)
        heading = f"{words[1]} - {words[0]} + {words[2]}"
        columns = {heading: nearest(found.vectors, query, [0, *ids], count)}
    else:
        columns = {
            vocabulary[number]: nearest(found.vectors, found.vectors[number], [0, number], count)
            for number in ids
        }
    table = Table(box=None, header_style="bold", padding=(0, 3, 0, 0))
    for heading in columns:
        table.add_column(Text(heading), no_wrap=True)
    for row in zip(*columns.values(), strict=True):
        table.add_row(*(Text(f"{cosine:+.3f} {vocabulary[number]}") for number, cosine in row))
    console = Console()
    # Many words make a wide table: a terminal wraps it, a file holds it, but nothing is cut off.
    unlimited = console.options.update(max_width=1_000_000)
    console.width = max(console.width, console.measure(table, options=unlimited).maximum)
    console.print(table)


def score(run_dir: Path, paths: Sequence[Path]) -> None:
    """Print how well the vectors agree with people's judgements in files of word pairs. Raises
    BakeoffError that names all files of which this cannot be said, after the others.
    """
    found = load_vectors(run_dir)
    ids = {word: number for number, word in enumerate(found.words)}
    mistakes = []
    for path in paths:
        try:
            rho, covered, pairs = correlation(found.vectors, ids, path)
        except BakeoffError as error:
            mistakes.append(str(error))
        else:
            print(f"{path.name}: Spearman {rho:+.3f} on {covered} of {pairs} pairs")
    if mistakes:
        raise BakeoffError("\n".join(mistakes))


def _ids(found: WordVectors, words: Sequence[str]) -> list[int]:
    """The id of each word. Raises BakeoffError."""
    ids = {word: number for number, word in enumerate(found.words)}
    known = [word for word in ids if word != UNKNOWN]
    mistakes = [
        f"{word!r} is not in the vocabulary of {len(known):,} words{suggestion(word.lower(), known)}"
        for word in words
        if word.lower() not in known
    ]
    if mistakes:
        raise BakeoffError("\n".join(mistakes))
    return [ids[word.lower()] for word in words]
