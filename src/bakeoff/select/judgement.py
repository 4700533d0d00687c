"""What may be claimed of a sweep's candidates: which may be the best, by how much, and what would tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bakeoff.run.candidate import key_of
from bakeoff.select.statistics.best_set import BestSet, Bounds, best_set
from bakeoff.select.statistics.blocks import arrange
from bakeoff.select.statistics.power import replicates_to_separate
from bakeoff.select.statistics.words import analysis, more_replicates, verdict
from bakeoff.store.record import RunRecord

CONFIDENCE = 0.95
POWER = 0.8  # of the number of seeds that is proposed
FOLD = "data.fold"


@dataclass(frozen=True)
class Judgement:
    """`verdicts`, a sentence for each candidate by name; `to_best`, the interval of its mean minus the best
    of the others' means, where something is claimed; `tied`, the names of those that the data cannot tell
    apart from the best; `notes`, how they were compared, and how many more seeds would tell.
    """

    verdicts: dict[str, str]
    to_best: dict[str, Bounds | None]
    tied: frozenset[str]
    notes: list[str]


def judge(
    groups: Mapping[str, Sequence[RunRecord]], direction: Literal["max", "min"], command: str
) -> Judgement:
    """Compare the candidates over the replicates that they share (`statistics.best_set`).

    `groups` holds the runs of each candidate, best first; `command` makes the sweep again, with seeds that
    are added at its end. Raises BakeoffError where a candidate has two
    runs of one replicate.
    """
    runs = [(name, run) for name, own in groups.items() for run in own]
    table = arrange((name, (run.seed, fold(run)), value_of(run)) for name, run in runs)
    folds = len({fold(run) for _, run in runs})
    # Folds train on parts that overlap: a fold tests 1 part for the k - 1 parts that it trains on.
    found = best_set(table, direction, CONFIDENCE, 1 / (folds - 1) if folds > 1 else 0.0)
    untold = ("observed", "single", "alone")
    # Folds cannot be repeated at will: more seeds are proposed where there are none.
    proposal = _proposal(found, list(groups), command) if folds == 1 else ""
    return Judgement(
        verdicts={s.candidate: verdict(s, found, _more(command, 5)) for s in found.standings},
        to_best={s.candidate: s.interval for s in found.standings},
        tied=frozenset(found.members)
        | {s.candidate for s in found.standings if s.verdict in untold and not found.members},
        notes=[note for note in (analysis(found), proposal) if note],
    )


def value_of(run: RunRecord) -> float | None:
    """The value by which a run is compared; None for one that did not complete."""
    return run.metric.value if run.status == "completed" else None


def fold(run: RunRecord) -> str:
    """The override that names the fold of the data, empty without folds."""
    return next((o for o in run.overrides if key_of(o) == FOLD), "")


def _more(command: str, seeds: int) -> str:
    return f"{command} 'seed=range({seeds})'"


def _proposal(found: BestSet, ranked: Sequence[str], command: str) -> str:
    """How many seeds would separate the leader from the next, where they cannot be told apart."""
    members = [name for name in ranked if name in found.members]
    if len(members) < 2 or found.comparison is None:
        return ""
    a, b = (found.compared.index(name) for name in members[:2])
    need = replicates_to_separate(found.comparison, a, b, CONFIDENCE, POWER)
    have = int(found.comparison.shared[a, b])
    return more_replicates(have, need, POWER, _more(command, need or have))
