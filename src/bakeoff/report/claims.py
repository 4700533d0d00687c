"""What is said of a leaderboard, the same on the terminal, on the page and in Markdown.

`board` is what `leaderboard.json` holds; `name` writes the name of a candidate, `text` everything else.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bakeoff.report.baselines import against_baselines
from bakeoff.report.wording import against_words
from bakeoff.select.statistics.words import practical_words

NEXT = 3  # candidates behind the leader of which more is said: all of them are in report.html
MOST_NAMED = 6  # candidates that one claim names

Write = Callable[[str], str]


def useless(board: Mapping[str, Any]) -> str:
    """Which candidates are not better than the best baseline; empty where all are."""
    if not board["unbeaten"]:
        return ""
    ranked = sum(row["rank"] is not None for row in board["candidates"])
    best = board["baselines"][0]
    return against_baselines(board["unbeaten"], ranked, best["name"], best["mean"])


def verdicts(board: Mapping[str, Any], name: Write = str, text: Write = str) -> list[str]:
    """What is claimed of the candidates, a line for each claim with the names that it holds for."""
    if len(board["candidates"]) < 2:
        return []
    names: dict[str, list[str]] = {}
    for row in board["candidates"]:
        if row["verdict"]:
            names.setdefault(row["verdict"], []).append(name(row["name"]))
    if len(names) == 1:
        return list(map(text, names))
    return [f"{text(verdict)}: {_first(of)}" for verdict, of in names.items()]


def _first(names: Sequence[str]) -> str:
    """The first of some names, and how many more there are."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def practically(board: Mapping[str, Any], name: Write = str) -> list[str]:
    """How probable it is that the next candidates differ from the leader by what matters, in one line; the
    others' probabilities are in the report.
    """
    found = [(row["name"], row["practical"]) for row in board["candidates"] if row.get("practical")]
    if not found:
        return []
    first = found[0][1]
    said = [f"{name(of)} {practical_words(own)}" for of, own in found[:NEXT]]
    return [f"against {name(first['leader'])}, by more than {first['margin']:g}: {'; '.join(said)}"]


def beside_test(board: Mapping[str, Any]) -> list[str]:
    """Whether the test result beats the best baseline's, and how the others differ that the test set was
    opened for, a sentence each.
    """
    baseline = baseline_sentence(board)
    others = [against_words(other) for other in board["sealed_test_against"]]
    if len(others) > NEXT:
        others[NEXT:] = [f"and {len(others) - NEXT} more, which are in the report"]
    return [*([baseline] if baseline else []), *others]


def baseline_sentence(board: Mapping[str, Any]) -> str:
    """Whether the test result beats the best baseline's; empty without one."""
    return str((board["sealed_test_baseline"] or {}).get("said", ""))
