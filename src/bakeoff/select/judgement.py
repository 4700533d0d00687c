"""What may be claimed of a sweep's candidates: which may be the best, by how much, and what would tell."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from bakeoff.select.folds import arranged, fold_count, overlap
from bakeoff.select.statistics.best_set import BestSet, Bounds, best_set
from bakeoff.select.statistics.difference import Difference
from bakeoff.select.statistics.power import replicates_to_separate
from bakeoff.select.statistics.practical import practical
from bakeoff.select.statistics.words import analysis, more_replicates, verdict
from bakeoff.store.record import RunRecord

CONFIDENCE = 0.95
POWER = 0.8  # of the number of seeds that is proposed


@dataclass(frozen=True)
class Judgement:
    """`verdicts`, a sentence for each candidate by name; `to_best`, the interval of its mean minus the best
    of the others' means, where something is claimed; `members`, the names of those that may be the best,
    none where nothing is claimed; `tied`, the names of those that the data cannot tell apart from the best;
    `to_leader`, by name the mean difference to the leader with its own interval, and how it was found;
    `practical`, by name how probable a difference to the leader is that matters, with the leader's name and
    the margin; `notes`, how they were compared, and how many more seeds would tell.
    """

    verdicts: dict[str, str]
    to_best: dict[str, Bounds | None]
    members: frozenset[str]
    tied: frozenset[str]
    to_leader: dict[str, dict[str, Any]]
    practical: dict[str, dict[str, Any]]
    notes: list[str]


def judge(
    groups: Mapping[str, Sequence[RunRecord]],
    direction: Literal["max", "min"],
    command: str,
    margin: float | None,
) -> Judgement:
    """Compare the candidates over the seeds or folds that they share (`statistics.best_set`).

    `groups` holds the runs of each candidate, best first; `command` extends the sweep, with seeds that are
    added at its end; `margin` is the difference that matters in practice, None where nobody has said.
    The leader is the first of those compared. Raises BakeoffError where a candidate has two runs of one
    replicate.
    """
    runs = [(name, run) for name, own in groups.items() for run in own]
    table, folds = arranged(runs), fold_count(run for _, run in runs)
    found = best_set(table, direction, CONFIDENCE, overlap(folds))
    leader = next((name for name in groups if name in found.compared), None)
    differences = _to_leader(found, leader)
    untold = ("observed", "single", "alone")
    in_practice = {
        name: practical(difference, margin, direction)
        for name, difference in differences.items()
        if margin is not None
    }
    equals = {name for name, of in in_practice.items() if of.equal >= CONFIDENCE}
    # Folds cannot be repeated at will: more seeds are proposed where there are none.
    proposal = _proposal(found, list(groups), equals, command) if folds == 1 else ""
    return Judgement(
        verdicts={
            s.candidate: verdict(s, found, folds, _more(command, 5)) for s in found.standings
        },
        to_best={s.candidate: s.interval for s in found.standings},
        members=frozenset(found.members),
        tied=frozenset(found.members)
        | {s.candidate for s in found.standings if s.verdict in untold and not found.members},
        to_leader={
            name: {
                "leader": leader,
                "mean": difference.mean,
                "ci95": (difference.low, difference.high),
                "n": difference.n,
                "analysis": difference.analysis,
            }
            for name, difference in differences.items()
        },
        practical={
            name: {"leader": leader, "margin": margin, **asdict(of)}
            for name, of in in_practice.items()
        },
        notes=[note for note in (analysis(found, folds), proposal) if note],
    )


def _to_leader(found: BestSet, leader: str | None) -> dict[str, Difference]:
    """Each candidate's mean minus the leader's, of those that can be compared with the leader."""
    if leader is None or found.comparison is None:
        return {}
    at = found.compared.index(leader)
    differences = {
        name: found.comparison.difference(row, at, CONFIDENCE)
        for row, name in enumerate(found.compared)
        if name != leader
    }
    return {name: found for name, found in differences.items() if found is not None}


def _more(command: str, seeds: int) -> str:
    return f"{command} 'seed=range({seeds})'"


def _proposal(found: BestSet, ranked: Sequence[str], equals: Collection[str], command: str) -> str:
    """How many seeds would separate the leader from the next, where they cannot be told apart; nothing
    where the next is one of the `equals`, whose difference is sure not to matter.
    """
    members = [name for name in ranked if name in found.members]
    if len(members) < 2 or found.comparison is None or members[1] in equals:
        return ""
    a, b = (found.compared.index(name) for name in members[:2])
    need = replicates_to_separate(found.comparison, a, b, CONFIDENCE, POWER)
    have = int(found.comparison.shared[a, b])
    return more_replicates(have, need, POWER, _more(command, need or have))
