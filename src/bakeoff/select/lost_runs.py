"""The runs of a sweep that did not complete, in a sentence."""

from collections import Counter
from pathlib import Path

from bakeoff.select.leaderboard import Leaderboard
from bakeoff.store.record import ENDED
from bakeoff.sweep.commands import resume_command


def lost_runs(sweep_dir: Path, board: Leaderboard) -> str:
    """How many runs did not complete, and the command that trains them; empty where all did."""
    counts: Counter[str] = Counter()
    for candidate in board.candidates:
        counts.update(candidate.status_counts)
        counts.update((candidate.fresh or {}).get("status_counts"))
    planned = counts.total()
    completed = counts.pop("completed", 0)
    if not counts:
        return ""
    what = ", ".join(f"{count} {status}" for status, count in counts.items())
    command = resume_command(sweep_dir, failed=set(counts) <= set(ENDED))
    return (
        f"{planned - completed} of {planned} runs did not complete: {what}. `{command}` trains them"
    )
