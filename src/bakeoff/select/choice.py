"""Which candidate and which of its runs are selected, and the words for why."""

from collections.abc import Callable, Collection, Sequence

from bakeoff.store.record import Direction, RunRecord
from bakeoff.sweep.selection import Cost, RunChoice

LEAST = {
    "parameters": "the fewest parameters",
    "train_seconds": "the shortest training",
    "seconds_per_prediction": "the fastest prediction",
}


def chosen_candidate(
    ranked: Sequence[str],
    tied: Collection[str],
    is_claimed: bool,
    prefer: Cost | None,
    cost: Callable[[str], float | None],
) -> tuple[str, str]:
    """The name of the selected candidate, and why it is selected.

    `ranked` are all candidates, best first, `tied` those that the data cannot tell apart from the best;
    `is_claimed`: of these it is claimed that they may be the best. `cost` gives what a candidate costs in
    the unit of `prefer`, None where it is not known. The cheapest of those that may be the best is
    selected, of equally cheap ones the first in rank.
    """
    members = [name for name in ranked if name in tied] or [ranked[0]]
    if len(ranked) == 1:
        return ranked[0], "the only candidate"
    mean = "the best mean" if members[0] == ranked[0] else "the first in rank that may be the best"
    if prefer is None or (is_claimed and len(members) == 1):
        return members[0], mean
    if not is_claimed:
        return members[0], f"{mean}: too few runs for a claim that selection.prefer could act on"
    known = [(value, name) for name in members if (value := cost(name)) is not None]
    if not known:
        return members[0], f"{mean}: the {prefer} that selection.prefer asks for are not known"
    chosen = min(known, key=lambda item: item[0])[1]
    return chosen, f"{LEAST[prefer]} of the {len(members)} that may be the best"


def chosen_run(
    runs: Sequence[RunRecord], choice: RunChoice, direction: Direction, kind: str = ""
) -> tuple[RunRecord, str]:
    """One of a candidate's completed runs, and which it is among them; `kind` says of what kind they are.

    The best run is the luckiest: on other data it falls back. Of an even number, the median is the worse
    of the two in the middle.
    """
    sign = -1 if direction == "max" else 1
    by_value = sorted(runs, key=lambda run: (sign * run.metric.value, run.seed))
    count = len(by_value)
    if count == 1:
        return by_value[0], "its only completed run"
    own = f"its {count} {kind} runs" if kind else f"its {count} runs"
    if choice == "best":
        return by_value[0], f"the best of {own}"
    chosen = by_value[count // 2]
    if count == 2:
        return chosen, f"the worse of {own}"
    if count % 2:
        return chosen, f"the median of {own}"
    return chosen, f"the median of {own}, of the two in the middle the worse"
