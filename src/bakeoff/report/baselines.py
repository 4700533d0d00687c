"""Baselines among the candidates of the table on the terminal."""

from bakeoff.report.wording import decimals
from bakeoff.select.baselines import BaselineRow
from bakeoff.select.leaderboard import Candidate, Leaderboard


def with_baselines(board: Leaderboard) -> list[Candidate | BaselineRow]:
    """The rows of the candidates in their order, each baseline before the first that it is better than."""
    rows: list[Candidate | BaselineRow] = list(board.candidates)
    for baseline in board.baselines:
        worse = (at for at, row in enumerate(rows) if _is_better(baseline, row, board.direction))
        rows.insert(next(worse, len(rows)), baseline)
    return rows


def _is_better(baseline: BaselineRow, row: Candidate | BaselineRow, direction: str) -> bool:
    if baseline.mean is None or row.mean is None:
        return baseline.mean is not None
    return baseline.mean > row.mean if direction == "max" else baseline.mean < row.mean


def useless(board: Leaderboard) -> str:
    """Which candidates are useless, because a baseline is as good."""
    best = board.baselines[0]
    digits = min(4, decimals([best.mean]))
    floor = f"the baseline {best.name} ({best.mean:.{digits}f})"
    ranked = [row for row in board.candidates if row.rank is not None]
    if len(board.unbeaten) == len(ranked):
        return f"USELESS: no candidate is better than {floor}"
    verb = "is" if len(board.unbeaten) == 1 else "are"
    return f"USELESS: {', '.join(board.unbeaten)} {verb} not better than {floor}"


def baseline_cells(row: BaselineRow, board: Leaderboard) -> list[str]:
    """The row of a baseline, without a rank and without parameters."""
    digits = min(4, decimals([candidate.mean for candidate in board.candidates]))
    seconds = row.train_seconds
    return [
        "",
        row.name,
        "-" if row.mean is None else f"{row.mean:.{digits}f}",
        "-" if row.std is None else f"{row.std:.{digits}f}",
        "",
        "-" if not row.n else str(row.n),
        "",
        "-" if seconds is None else f"{seconds:.0f} s",
    ]
