"""The winner of a leaderboard: a candidate and one of its runs, by the first selection or by finalists."""

from collections.abc import Mapping, Sequence

from bakeoff.select.choice import chosen_candidate, chosen_run
from bakeoff.select.finals import finalists, fresh_row, hold
from bakeoff.select.folds import fold_count, overlap, value_of
from bakeoff.select.judgement import Judgement
from bakeoff.select.leaderboard import Leaderboard
from bakeoff.store.record import RunRecord
from bakeoff.sweep.selection import Selection


def select_in(
    board: Leaderboard,
    runs: Mapping[str, Sequence[RunRecord]],
    judged: Judgement,
    selection: Selection,
) -> None:
    """Enter the selected candidate and its selected run, where one of its runs has a value."""
    rows = {row.name: row for row in board.candidates}
    name, why = chosen_candidate(
        ranked=list(rows),
        tied=judged.tied,
        is_claimed=bool(judged.members),
        prefer=selection.prefer,
        cost=lambda name: getattr(rows[name], selection.prefer),
    )
    completed = [run for run in runs[name] if value_of(run) is not None]
    if completed:
        run, which = chosen_run(completed, selection.run, board.direction)
        board.selected, board.selected_run, board.selected_by = name, run.id, f"{why}; {which}"


def hold_finals(
    board: Leaderboard, fresh: Sequence[RunRecord], seeds: Sequence[int], selection: Selection
) -> None:
    """Let the finalists' fresh runs decide; without them, or without a complete finalist, there is no
    winner.
    """
    rows = finalists(board.candidates, board.selected, selection.finalists)
    own = {row.name: [run for run in fresh if run.candidate_id == row.candidate_id] for row in rows}
    lacking = [row for row in rows if {run.seed for run in own[row.name]} != set(seeds)]
    if lacking:
        board.awaits = {"candidates": [row.candidate_id for row in lacking], "seeds": list(seeds)}
        names = ", ".join(row.name for row in lacking)
        _no_winner(
            board,
            f"The finalists {names} are not trained on fresh seeds yet: `bakeoff resume SWEEP` goes on "
            "with them. Before that this sweep has no winner.",
        )
        return
    test_to_train = overlap(fold_count(fresh))
    for row in rows:
        row.fresh = fresh_row(own[row.name], test_to_train)
    found = hold(rows, own, seeds, board.direction, selection.run)
    if found is None:
        _no_winner(
            board,
            "No finalist completed all its runs on fresh seeds, so that nothing tells how good the winner "
            "is: `bakeoff resume SWEEP --failed` trains them again.",
        )
        return
    board.selected, run, board.selected_by, board.finals = found
    board.selected_run = run.id


def _no_winner(board: Leaderboard, problem: str) -> None:
    board.problems.append(problem)
    board.selected, board.selected_run, board.selected_by = None, None, ""
    for row in board.candidates:
        row.rank = None
