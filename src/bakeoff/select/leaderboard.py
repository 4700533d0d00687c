"""What `leaderboard.json` holds: the rows of the candidates, and what was selected."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bakeoff.select.baselines import BaselineRow
from bakeoff.select.flat_table import csv_text
from bakeoff.store import atomic
from bakeoff.store.record import Direction

JSON_NAME, CSV_NAME = "leaderboard.json", "leaderboard.csv"


@dataclass
class Candidate:
    """A row of the leaderboard. `mean`, `std` (of the sample) and `ci95` (Student's t) are over the `n`
    completed runs, or over the means of the runs of each fold where the data have several; None where there
    are too few. `train_seconds` and `seconds_per_prediction` are means over the runs.

    `verdict` says what may be claimed of the candidate, `to_best` is the interval of its mean minus the
    best of the others' means, and `tied_with_best` whether the data cannot tell it apart from the best
    (`bakeoff.select.judgement`). `to_leader` holds the `mean` of the candidate minus that of the `leader`
    over the `n` seeds or folds that both have, its `ci95`, as if no other difference were looked at, and
    the `analysis` (`bakeoff.select.statistics.pooled`). `practical` holds the probabilities that the
    candidate is `better` than the `leader` by more than the `margin`, `equal` within it, or `worse`. Both
    are None for the leader itself.
    `fresh` holds `mean`, `std`, `ci95`, `n`, `runs` and `status_counts` of a finalist on fresh seeds: none
    of it is in the numbers beside it.

    `costs` are means over the completed runs (`bakeoff.select.costs`), and `pareto` names those of them for
    which no other candidate gives more for the same cost, or as much for less.
    """

    name: str
    overrides: list[str]
    rank: int | None
    mean: float | None
    std: float | None
    ci95: tuple[float, float] | None
    n: int
    runs: list[str]
    parameters: int | None
    train_seconds: float | None
    seconds_per_prediction: float | None
    status_counts: dict[str, int]
    tied_with_best: bool
    verdict: str = ""
    to_best: tuple[float | None, float | None] | None = None
    practical: dict[str, Any] | None = None
    candidate_id: str | None = None
    fresh: dict[str, Any] | None = None
    costs: dict[str, float] = field(default_factory=dict)
    pareto: list[str] = field(default_factory=list)
    to_leader: dict[str, Any] | None = None


@dataclass
class Leaderboard:
    """What `leaderboard.json` holds.

    `selected` and `selected_run` are None where no run completed, and where `problems` say why these
    results have no winner: then no candidate has a rank. `selected_by` says why this candidate and this
    run of it. `notes` say how the candidates were compared, `replicates` what the intervals are over.
    `baselines` are what the candidates must beat, best first, `unbeaten` those that are not better than the
    best of them.
    `earlier_openings` are those of the same test data, by other sweeps or for an earlier selection, before
    they were opened for this one; `after_opening` says what this sweep trained after it had opened the test
    set, so that the selection came after that too, and which opening has left no result; empty where
    nothing was (`bakeoff.select.ledger`).
    `edited` names the runs whose record was edited; empty without one (`bakeoff.select.edited`); `mixed`
    says where packages or code changed between the runs (`bakeoff.select.mixed`). `part`
    says that runs saw a part of their data only (`bakeoff.select.part`).
    `sealed_test_ci95` holds the interval of each metric of `sealed_test`, None where there is none, over
    `sealed_test_units`; `sealed_test_gap` says how far the result is from validation;
    `sealed_test_against`: where the test set was opened for all that may be the best, the `value` of the
    others, and the `difference`, the selected one's minus theirs. `sealed_test_baseline` holds the same of
    the best baseline, and what is `said` of it (`bakeoff.select.tested_baseline`); None without baselines.

    `finals` holds what fresh seeds say of the finalists: their `seeds`, the `finalists`, the
    `winners_curse`, the mean of the winner on the seeds that chose it minus that on fresh ones, the
    differences of all `pairs` with Holm's correction, and what is `said` of it. `awaits` names the
    `candidates`, by id, that are to be trained on the fresh `seeds` before there is a winner.
    """

    experiment: str
    task: str
    metric: str
    direction: Direction
    candidates: list[Candidate]
    selected: str | None
    selected_run: str | None
    sealed_test: dict[str, float | None] | None = None
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    baselines: list[BaselineRow] = field(default_factory=list)
    unbeaten: list[str] = field(default_factory=list)
    earlier_openings: list[dict[str, Any]] = field(default_factory=list)
    selected_by: str = ""
    replicates: str = ""
    after_opening: str = ""
    edited: str = ""
    mixed: list[str] = field(default_factory=list)
    part: str = ""
    sealed_test_ci95: dict[str, Any] = field(default_factory=dict)
    sealed_test_units: str = ""
    sealed_test_gap: str = ""
    sealed_test_against: list[dict[str, Any]] = field(default_factory=list)
    sealed_test_baseline: dict[str, Any] | None = None
    finals: dict[str, Any] | None = None
    awaits: dict[str, Any] | None = None

    def write(self, sweep_dir: Path) -> None:
        """Write `leaderboard.json` and the same table flat, `leaderboard.csv`."""
        content = asdict(self)
        atomic.write_json(sweep_dir / JSON_NAME, content)
        atomic.write_text(
            sweep_dir / CSV_NAME, csv_text(content["candidates"], content["baselines"])
        )
