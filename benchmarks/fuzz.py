"""Damaged files for every reader of files, for as long as one likes: `benchmarks/fuzz.py --minutes 20`.

A fault is an exception that is no BakeoffError, or an answer that takes more than SLOW_S of processor time.
"""

import argparse
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, given, seed, settings
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.hostile.damage import contents
from tests.hostile.readers import READERS, refusal, wholes

SLOW_S = 10.0
ROUND = 200  # examples of a reader before the next one has its turn


class Counts:
    """What happened to the examples of each reader."""

    def __init__(self) -> None:
        self.examples, self.taken = Counter(), Counter()
        self.faults: dict[str, set[str]] = {kind: set() for kind in READERS}

    def try_one(self, kind: str, content: bytes, folder: Path) -> None:
        """Let a reader read a file."""
        begun = time.process_time()
        try:
            self.taken[kind] += refusal(kind, content, folder) is None
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            self._note(kind, f"{type(error).__name__} in {where.filename}:{where.lineno}", content)
        self.examples[kind] += 1
        if time.process_time() - begun > SLOW_S:
            self._note(kind, f"more than {SLOW_S:.0f} s", content)

    def _note(self, kind: str, fault: str, content: bytes) -> None:
        if fault not in self.faults[kind]:
            print(f"{kind}: {fault}: {content!r}", file=sys.stderr, flush=True)
        self.faults[kind].add(fault)


def play(counts: Counts, kind: str, number: int, folder: Path) -> None:
    """One round of a reader."""

    @seed(number)
    @settings(
        max_examples=ROUND,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(content=contents(wholes(kind)))
    def one(content: bytes) -> None:
        counts.try_one(kind, content, folder)

    one()


def main() -> None:
    """Print examples and faults of each reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--only", choices=READERS, help="one reader")
    parser.add_argument("--seed", type=int, default=0, help="of the first round")
    given_ = parser.parse_args()
    counts, number = Counts(), given_.seed
    kinds = [given_.only] if given_.only else list(READERS)
    with tempfile.TemporaryDirectory() as folder:
        for kind in kinds:  # what is imported for them takes its time once
            refusal(kind, wholes(kind)[0], Path(folder))
        end = time.monotonic() + 60 * given_.minutes
        while time.monotonic() < end:
            for kind in kinds:
                play(counts, kind, number, Path(folder))
                if time.monotonic() > end:
                    break
            number += 1
    table = Table("reader", "examples", "taken as whole", "faults")
    for kind in kinds:
        shown = counts.examples[kind], counts.taken[kind], len(counts.faults[kind])
        table.add_row(kind, *(f"{count:,}" for count in shown))
    Console().print(table)
    total = sum(map(len, counts.faults.values()))
    print(f"{sum(counts.examples.values()):,} examples, {total} faults")
    sys.exit(total > 0)


if __name__ == "__main__":
    main()
