"""Finalists on fresh seeds: who they are, on which seeds, and what they tell of the winner."""

from dataclasses import asdict
from typing import NamedTuple

import numpy as np
import pytest
from scipy import stats

from bakeoff.report.terminal import lost
from bakeoff.select.finals import finalists, fresh_seeds, held_out
from bakeoff.select.lost_runs import lost_runs
from bakeoff.select.ranking import select
from bakeoff.store.record import Metric, RunRecord
from bakeoff.sweep.selection import Selection

SELECTION = Selection(
    margin=None, prefer=None, run="median", test="selected", finalists=2, finalist_seeds=3
)


class Job(NamedTuple):
    id: str
    candidate: str
    seed: int
    role: str = ""
    overrides: tuple[str, ...] = ()

    @property
    def candidate_id(self) -> str:
        return f"id {self.candidate}"


def run(candidate: str, seed: int, value: float | None) -> RunRecord:
    return RunRecord(
        id=f"{candidate}{seed}",
        status="completed" if value is not None else "diverged",
        experiment="e",
        task="t",
        candidate=candidate,
        candidate_id=f"id {candidate}",
        overrides=[f"model={candidate}", f"seed={seed}"],
        seed=seed,
        metric=Metric("score", "max", value, 1),
    )


FIRST = {"a": (0.80, 0.82, 0.84), "b": (0.79, 0.80, 0.83), "c": (0.78, 0.79, 0.80)}


def board(fresh: dict[str, tuple[float | None, ...]], first=FIRST, selection=SELECTION):
    runs = [run(name, seed, v) for name, row in first.items() for seed, v in enumerate(row)]
    late = [run(name, 3 + at, v) for name, row in fresh.items() for at, v in enumerate(row)]
    planned = [
        *(Job(r.id, r.candidate, r.seed) for r in runs),
        *(Job(r.id, r.candidate, r.seed, "finalist") for r in late),
    ]
    return select([*runs, *late], planned, selection=selection)


def test_before_the_fresh_runs_there_is_no_winner_and_it_is_said_who_is_awaited():
    found = board({})
    assert (found.selected, found.selected_run, found.selected_by) == (None, None, "")
    assert found.awaits == {"candidates": ["id a", "id b"], "seeds": [3, 4, 5]}
    assert "The finalists a, b are not trained on fresh seeds yet" in found.problems[0]
    assert {row.rank for row in found.candidates} == {None}


def test_a_fresh_run_that_is_missing_leaves_the_sweep_unfinished():
    planned = [
        *(Job(f"{name}{seed}", name, seed) for name in FIRST for seed in range(3)),
        *(Job(f"{name}{seed}", name, seed, "finalist") for name in "ab" for seed in (3, 4, 5)),
    ]
    runs = [run(name, seed, v) for name, row in FIRST.items() for seed, v in enumerate(row)]
    found = select([*runs, run("a", 3, 0.7)], planned, selection=SELECTION)
    assert found.selected is None and found.awaits is None
    assert "of 15 planned runs, 5 missing" in found.problems[0]


def test_only_fresh_runs_tell_the_winners_performance():
    found = board({"a": (0.77, 0.79, 0.78), "b": (0.78, 0.77, 0.76)})
    winner = found.candidates[0]
    assert (found.selected, found.selected_run) == ("a", "a5")
    assert found.selected_by == (
        "the first selection, which fresh seeds do not show worse than another finalist; the median of "
        "its 3 fresh runs"
    )
    assert (winner.mean, winner.n, winner.runs) == (pytest.approx(0.82), 3, ["a0", "a1", "a2"])
    assert winner.fresh["mean"] == pytest.approx(0.78)
    assert winner.fresh["runs"] == ["a3", "a4", "a5"]
    half = stats.t.ppf(0.975, 2) * stats.sem([0.77, 0.79, 0.78])
    assert winner.fresh["ci95"] == pytest.approx((0.78 - half, 0.78 + half))
    assert found.finals["winners_curse"] == pytest.approx(0.04)
    assert "0.04 better: the winner's curse" in found.finals["said"][1]
    assert [row.fresh is None for row in found.candidates] == [False, False, True]


def test_fresh_runs_play_no_part_in_the_first_selection():
    """b is far better on the fresh seeds; no number of the first selection shows it."""
    found = board({"a": (0.77, 0.79, 0.78), "b": (0.97, 0.99, 0.981)})
    assert [row.name for row in found.candidates] == ["a", "b", "c"]
    assert found.candidates[1].mean == pytest.approx(np.mean(FIRST["b"]))
    assert found.selected == "b"
    assert found.selected_by.startswith(
        "shown better than a, the first selection, on fresh seeds; "
    )
    (pair,) = found.finals["pairs"]
    reference = stats.ttest_rel([0.77, 0.79, 0.78], [0.97, 0.99, 0.981])
    assert (pair["a"], pair["b"], pair["n"]) == ("a", "b", 3)
    assert pair["p"] == pair["adjusted_p"] == pytest.approx(reference.pvalue)


def test_a_finalist_that_lost_a_fresh_run_does_not_win_and_is_told(tmp_path):
    found = board({"a": (0.77, None, 0.78), "b": (0.75, 0.76, 0.77)})
    assert found.selected == "b"
    assert "a, the first selection, lost a fresh run" in found.selected_by
    assert found.finals["said"][2] == "a lost 1 of its 3 fresh runs: it is not compared"
    said = lost_runs(tmp_path / "outputs" / "e" / "1", found)
    assert said.startswith("1 of 15 runs did not complete: 1 diverged. `bakeoff resume ")
    assert "--failed" in said
    assert lost(asdict(found)) == ["a on fresh seeds: 1 diverged"]
    found = board({"a": (0.77, None, 0.78), "b": (0.75, None, 0.77)})
    assert found.selected is None
    assert "No finalist completed all its runs on fresh seeds" in found.problems[0]
    assert [line.partition(" ")[0] for line in lost(asdict(found))] == ["a", "b"]


def test_without_finalists_every_run_counts_as_before():
    plain = board({}, selection=EARLIER_RUNS)
    assert (plain.selected, plain.finals, plain.awaits) == ("a", None, None)


EARLIER_RUNS = Selection(
    margin=None, prefer=None, run="median", test="selected", finalists=None, finalist_seeds=3
)


def test_finalists_are_the_selected_one_and_the_next_in_rank_that_are_complete():
    rows = board({}, {**FIRST, "d": (0.9, 0.9, None)}, EARLIER_RUNS).candidates
    assert [row.name for row in finalists(rows, "b", 3)] == ["b", "a", "c"]
    assert [row.name for row in finalists(rows, "a", 9)] == ["a", "b", "c"]


def test_fresh_seeds_were_never_planned():
    jobs = [Job("x", "a", 0), Job("y", "a", 7)]
    assert fresh_seeds(jobs, 3) == [8, 9, 10]
    late = [*jobs, *(Job(f"f{seed}", "a", seed, "finalist") for seed in (8, 9, 10))]
    assert fresh_seeds(late, 3) == [8, 9, 10]  # another finalist is compared on the same
    assert fresh_seeds(late, 4) == [11, 12, 13, 14]
    assert held_out(late, 3) == {"f8", "f9", "f10"}


def test_a_seed_that_others_have_seen_is_no_longer_fresh():
    jobs = [Job("x", "a", 0), *(Job(f"f{seed}", "a", seed, "finalist") for seed in (1, 2, 3))]
    jobs.append(Job("extended", "b", 2))
    assert fresh_seeds(jobs, 3) == [4, 5, 6]
    assert held_out(jobs, 3) == set()


def test_a_winner_must_beat_the_baselines_on_fresh_seeds():
    """On the seeds that chose it, the winner is above the baseline; on fresh ones it is not."""
    floor = run("baseline", 0, 0.80)
    runs = [run(name, seed, v) for name, row in FIRST.items() for seed, v in enumerate(row)]
    late = [run(name, 3 + at, v) for name in "ab" for at, v in enumerate((0.77, 0.79, 0.78))]
    planned = [
        *(Job(r.id, r.candidate, r.seed) for r in runs),
        *(Job(r.id, r.candidate, r.seed, "finalist") for r in late),
    ]
    found = select([*runs, *late], planned, selection=SELECTION, baselines=[floor])
    assert "a" in found.unbeaten
    assert "a" not in select(runs, planned[:9], selection=EARLIER_RUNS, baselines=[floor]).unbeaten
