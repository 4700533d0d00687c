"""Arrange the values of runs by what the runs share: a table of candidates by replicates.

A replicate is what several candidates were trained on alike: a seed, a fold, a pair of both. Runs of one
replicate share their order of batches and their split, so their differences are paired.
"""

import math
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

import numpy as np

from bakeoff.errors import BakeoffError

Run = tuple[str, Hashable, float | None]  # candidate, replicate, value; None: the run gave none


@dataclass(frozen=True)
class Table:
    """Values (candidates, replicates), NaN in an empty cell; which empty cells were planned."""

    candidates: tuple[str, ...]
    replicates: tuple[Hashable, ...]
    values: np.ndarray
    lost: frozenset[tuple[str, Hashable]]  # planned, but the run did not give a value

    @property
    def absent(self) -> list[tuple[str, Hashable]]:
        """The cells that no run was planned for, row by row."""
        empty = zip(*np.nonzero(np.isnan(self.values)), strict=True)
        cells = [(self.candidates[row], self.replicates[column]) for row, column in empty]
        return [cell for cell in cells if cell not in self.lost]

    def incomplete(self) -> set[str]:
        """The candidates that lost a run which another candidate did not lose.

        A diverged run is not missing by chance, so the runs that are left flatter their candidate. A
        replicate that every candidate lost (the machine stopped) flatters nobody and is not counted.
        """
        return {candidate for candidate, replicate in self.lost if replicate not in self.empty()}

    def empty(self) -> set[Hashable]:
        """The replicates of which no candidate has a value."""
        columns = np.isnan(self.values).all(axis=0)
        return {one for one, is_empty in zip(self.replicates, columns, strict=True) if is_empty}


def arrange(runs: Iterable[Run]) -> Table:
    """Put each run's value in its candidate's row and its replicate's column, in order of appearance.

    A value that is None, NaN or infinite counts as lost. Raises BakeoffError where a candidate has two
    runs of one replicate: they would count as independent.
    """
    cells: dict[tuple[str, Hashable], float | None] = {}
    for candidate, replicate, value in runs:
        if (candidate, replicate) in cells:
            raise BakeoffError(
                f"candidate {candidate!r} has two runs of replicate {replicate!r}, expected one: "
                "give each run of a candidate a seed or fold of its own, or remove one of the two"
            )
        cells[candidate, replicate] = value
    candidates = tuple(dict.fromkeys(candidate for candidate, _ in cells))
    replicates = tuple(dict.fromkeys(replicate for _, replicate in cells))
    values = np.full((len(candidates), len(replicates)), np.nan)
    rows = {candidate: row for row, candidate in enumerate(candidates)}
    columns = {replicate: column for column, replicate in enumerate(replicates)}
    lost = set()
    for (candidate, replicate), value in cells.items():
        if value is None or not math.isfinite(value):
            lost.add((candidate, replicate))
        else:
            values[rows[candidate], columns[replicate]] = value
    return Table(candidates, replicates, values, frozenset(lost))


def averaged(table: Table, block: Callable[[Hashable], Hashable]) -> Table:
    """The table of blocks of replicates: a candidate's value in a block is its mean over the replicates of
    that block. A block is lost where the candidate lost a replicate of it that another one has.
    """
    of_column = [block(replicate) for replicate in table.replicates]
    blocks = tuple(dict.fromkeys(of_column))
    within = np.array([[own == one for one in of_column] for own in blocks], float)  # (blocks, B)
    counts = (~np.isnan(table.values)).astype(float) @ within.T
    sums = np.nan_to_num(table.values) @ within.T
    values = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    rows = {candidate: row for row, candidate in enumerate(table.candidates)}
    columns, empty = {own: column for column, own in enumerate(blocks)}, table.empty()
    lost = set()
    for candidate, replicate in table.lost:
        at = rows[candidate], columns[block(replicate)]
        if replicate not in empty or not counts[at]:
            lost.add((candidate, block(replicate)))
            values[at] = np.nan
    return Table(table.candidates, blocks, values, frozenset(lost))
