"""Which candidates and replicates of a table can be compared, and why the others cannot."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from bakeoff.select.statistics.blocks import Table
from bakeoff.select.statistics.two_way import linked

Reason = Literal[
    "single",  # one replicate
    "observed",  # two replicates: an order, no claim
    "lost",  # a planned run gave no value, though others of its replicate did
    "apart",  # shares too few replicates with the candidates that are compared
    "alone",  # no other candidate could be compared with it
]
CLAIM = 3  # replicates from which on something is claimed


@dataclass(frozen=True)
class Eligible:
    """Rows and columns of the table that are compared; a reason for each row that is not."""

    rows: list[int]
    columns: list[int]
    reasons: dict[int, Reason]


def eligible(table: Table) -> Eligible:
    """Choose the candidates with at least three replicates that another such candidate has too.

    A candidate that lost a planned run is not compared (see `Table.incomplete`). Where the rest falls
    into groups that share no replicate, the largest group is compared, the first of equal ones.
    """
    present = ~np.isnan(table.values)
    incomplete = table.incomplete()
    allowed = np.array([name not in incomplete for name in table.candidates]) & present.any(axis=1)
    rows, columns = _enough(present, allowed)
    if rows.any():
        group = linked(np.where(columns, table.values, np.nan)[rows])
        largest = np.bincount(group).argmax()
        rows[np.flatnonzero(rows)[group != largest]] = False
        columns &= present[rows].sum(axis=0) >= 2
    counts = present.sum(axis=1)
    company = int((allowed & (counts >= CLAIM)).sum()) > 1
    reasons: dict[int, Reason] = {}
    for row in np.flatnonzero(~rows).tolist():
        if not allowed[row]:
            reasons[row] = "lost"
        elif counts[row] < CLAIM:
            reasons[row] = "single" if counts[row] == 1 else "observed"
        else:
            reasons[row] = "apart" if company else "alone"
    return Eligible(np.flatnonzero(rows).tolist(), np.flatnonzero(columns).tolist(), reasons)


def _enough(present: np.ndarray, allowed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Drop candidates with too few shared replicates until all that are left have enough."""
    rows = allowed.copy()
    while True:
        columns = present[rows].sum(axis=0) >= 2
        kept = rows & (present[:, columns].sum(axis=1) >= CLAIM)
        if (kept == rows).all():
            return rows, columns
        rows = kept
