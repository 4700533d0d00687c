"""Whether the statistics keep their promises, by simulated sweeps whose truth is known.

    python benchmarks/evidence.py [--sweeps 2000] [--only sets]

Values are mean + replicate effect + noise of standard deviation 1. `lost` is how often the truly best
candidate is outside the set of those that may be the best (promised: 5 %); where all are equal, one fixed
candidate counts as the best. `kept` is the mean size of that set.
"""

import argparse
from collections.abc import Iterator
from itertools import product

import numpy as np

from bakeoff.select.statistics.best_set import best_set
from bakeoff.select.statistics.blocks import Table
from bakeoff.select.statistics.bootstrap import bootstrap_intervals
from bakeoff.select.statistics.challenge import challenge
from bakeoff.select.statistics.expected_best import expected_best
from bakeoff.select.statistics.means import mean_interval
from bakeoff.select.statistics.paired import paired_difference
from bakeoff.select.statistics.pooled import compare

CONFIDENCE, DIRECTION, SEED = 0.95, "max", 0
WILD, GAP, EFFECT = 5.0, 2.0, 3.0  # standard deviations
MEANS = {
    "all equal": lambda count: np.zeros(count),
    "nearly equal": lambda count: -np.linspace(0, 0.5, count),
    "one better": lambda count: np.r_[GAP, np.zeros(count - 1)],
}
SPREADS = {"equal spread": None, "the best five times": 0, "another five times": -1}


def sweeps(
    number: int, means: np.ndarray, replicates: int, wild: int | None, effect: float
) -> Iterator[np.ndarray]:
    """Values (candidates, replicates) of so many sweeps; the same for the same arguments."""
    random = np.random.default_rng((SEED, len(means), replicates, int(effect > 0)))
    spread = np.ones(len(means))
    if wild is not None:
        spread[wild] = WILD
    for _ in range(number):
        noise = random.normal(size=(len(means), replicates)) * spread[:, None]
        yield means[:, None] + noise + effect * random.normal(size=replicates)


def table(values: np.ndarray) -> Table:
    """Name the rows and columns of values."""
    candidates, replicates = values.shape
    return Table(tuple(map(str, range(candidates))), tuple(range(replicates)), values, frozenset())


def print_sets(number: int) -> None:
    """Print how often the best candidate is lost and how many candidates are kept."""
    print("lost % without and with effects that seeds share; kept of all candidates\n")
    print(f"| candidates | seeds | means | {' | '.join(SPREADS)} |")
    print("|---|---|---|---|---|---|")
    for count, seeds, means in product((4, 8, 16), (3, 5), MEANS):
        cells = []
        for wild in SPREADS.values():
            lost, kept = zip(
                *(_set(number, MEANS[means](count), seeds, wild, effect) for effect in (0, EFFECT)),
                strict=True,
            )
            cells.append(f"{100 * lost[0]:.1f}, {100 * lost[1]:.1f}; {np.mean(kept):.2f}")
        print(f"| {count} | {seeds} | {means} | {' | '.join(cells)} |", flush=True)


def print_closest(number: int) -> None:
    """Print the cells of the table of sets that come closest to their limits: run with more sweeps."""
    print("| candidates | seeds | means | spread | lost % | kept |")
    print("|---|---|---|---|---|---|")
    wild = [(count, "all equal", spread) for count in (4, 8, 16) for spread in list(SPREADS)[1:]]
    for count, means, spread in [*wild, (8, "one better", "equal spread")]:
        lost, kept = _set(number, MEANS[means](count), 3, SPREADS[spread], EFFECT)
        row = f"| {count} | 3 | {means} | {spread} |"
        print(f"{row} {100 * lost:.2f} | {kept:.2f} |", flush=True)


def _set(
    number: int, means: np.ndarray, seeds: int, wild: int | None, effect: float
) -> tuple[float, float]:
    """How often the set loses the first candidate, and how many it keeps."""
    lost, kept = 0, 0
    for values in sweeps(number, means, seeds, wild, effect):
        members = best_set(table(values), DIRECTION, CONFIDENCE, 0.0).members
        lost, kept = lost + ("0" not in members), kept + len(members)
    return lost / number, kept / number


def print_intervals(number: int) -> None:
    """Print how often 95 % intervals hold the truth, and all of a sweep's distances to the best."""
    print(
        "| seeds | mean | paired difference | pooled difference, 8 candidates | all 8 distances |"
    )
    print("|---|---|---|---|---|")
    means = MEANS["one better"](8)
    others = np.array([np.delete(means, k).max() for k in range(len(means))])
    for seeds in (3, 5, 10):
        held = []
        for values in sweeps(number, means, seeds, None, 0.0):
            low, high = mean_interval(values[1], CONFIDENCE, 0.0)
            pair = paired_difference(values[0], values[1], CONFIDENCE)
            pooled = compare(values, 0.0).difference(0, 1, CONFIDENCE)
            found = best_set(table(values), DIRECTION, CONFIDENCE, 0.0).standings
            distances = np.array([place.interval for place in found], float)
            distances = np.where(np.isnan(distances), [-np.inf, np.inf], distances)
            within = (distances[:, 0] <= means - others) & (means - others <= distances[:, 1])
            held.append(
                (
                    low <= means[1] <= high,
                    pair.low <= GAP <= pair.high,
                    pooled.low <= GAP <= pooled.high,
                    within.all(),
                )
            )
        cells = " | ".join(f"{100 * share:.1f}" for share in np.mean(held, axis=0))
        print(f"| {seeds} | {cells} |", flush=True)


def print_winners(number: int) -> None:
    """Print by how much the best of equal candidates is flattered, on its own and on fresh seeds."""
    print("| candidates, all equal | seeds | on the seeds that chose it | on fresh seeds |")
    print("|---|---|---|---|")
    for count, seeds in product((4, 8, 16), (3, 5)):
        same, fresh = [], []
        for values in sweeps(number, np.zeros(count), 2 * seeds, None, 0.0):
            chosen, kept = values[:, :seeds].mean(axis=1), values[:, seeds:].mean(axis=1)
            same.append(chosen.max())
            fresh.append(kept[chosen.argmax()])
        print(f"| {count} | {seeds} | {np.mean(same):+.2f} | {np.mean(fresh):+.2f} |", flush=True)


def print_finals(number: int) -> None:
    """Print by how much finalists' fresh seeds flatter the winner, and what a sweep loses by its choice."""
    print(
        "| candidates | means | bias of the first selection | of the best fresh mean | of the finalists "
        "| loss of the first selection | of the finalists |"
    )
    print("|---|---|---|---|---|---|---|")
    seeds, fresh, count = 3, 5, 3
    for candidates, name in product((4, 8, 16), MEANS):
        means, found = MEANS[name](candidates), []
        for values in sweeps(number, means, seeds + fresh, None, 0.0):
            chosen, later = values[:, :seeds].mean(axis=1), values[:, seeds:]
            finalists = np.argsort(-chosen)[:count]
            first = int(finalists[0])
            rows = Table(
                tuple(map(str, finalists)), tuple(range(fresh)), later[finalists], frozenset()
            )
            winner = int(challenge(str(first), rows, DIRECTION, CONFIDENCE, 0.0).winner)
            best = int(finalists[later[finalists].mean(axis=1).argmax()])
            estimates = (chosen[first], later[best].mean(), later[winner].mean())
            bias = np.subtract(estimates, means[[first, best, winner]])
            found.append([*bias, *(means.max() - means[[first, winner]])])
        cells = " | ".join(f"{value:+.2f}" for value in np.mean(found, axis=0))
        print(f"| {candidates} | {name} | {cells} |", flush=True)


def print_test(number: int) -> None:
    """Print how often the interval of a test result holds the truth, and that of a paired difference."""
    print("| units | accuracy % | skewed mean % | ratio of sums % | paired difference % |")
    print("|---|---|---|---|---|")
    for units in (50, 200, 1000):
        random, held = np.random.default_rng((SEED, units)), []
        for _ in range(max(1, number // 4)):
            right = (random.random(units) < 0.8).astype(float)
            loss = random.gamma(0.5, 2.0, units)  # mean 1: a cross-entropy's long tail
            count = random.integers(50, 150, units)  # words of a document
            total = random.gamma(count, 2.0 / 3)  # their loss: 2 / 3 a word
            hard = random.normal(size=units)
            other = hard - 0.1 + 0.3 * random.normal(size=units)
            parts = np.stack([right, loss, count, total, hard - other])

            def statistic(counts: np.ndarray, parts: np.ndarray = parts) -> np.ndarray:
                sums = parts @ counts.T
                drawn = counts.sum(axis=1)
                return np.stack(
                    [sums[0] / drawn, sums[1] / drawn, sums[3] / sums[2], sums[4] / drawn]
                )

            bounds = bootstrap_intervals(statistic, units, CONFIDENCE)
            truths = (0.8, 1.0, 2 / 3, 0.1)
            held.append(
                [low <= truth <= high for (low, high), truth in zip(bounds, truths, strict=True)]
            )
        cells = " | ".join(f"{100 * share:.1f}" for share in np.mean(held, axis=0))
        print(f"| {units} | {cells} |", flush=True)


def print_tuning(number: int) -> None:
    """Print bias of the expected best of n of 20 settings, and how often its band holds the median."""
    print("| settings tried | best of | bias | bias of the plug-in | band holds the median % |")
    print("|---|---|---|---|---|")
    tried, random = 20, np.random.default_rng(SEED)
    ranks = np.arange(1, tried + 1)
    for best_of in (2, 5, 10, 15):
        # Values are uniform: the best of n has mean n / (n + 1) and median 0.5^(1 / n).
        truth, median, biases, held = best_of / (best_of + 1), 0.5 ** (1 / best_of), [], []
        for _ in range(number):
            values = random.random(tried)
            curve = expected_best(values, DIRECTION, CONFIDENCE)
            steps = (ranks / tried) ** best_of - ((ranks - 1) / tried) ** best_of
            plug_in = float(np.sort(values) @ steps)
            biases.append((curve.expected[best_of - 1] - truth, plug_in - truth))
            low, high = curve.low[best_of - 1], curve.high[best_of - 1]
            held.append(not low > median and not high < median)
        ours, theirs = np.mean(biases, axis=0)
        row = f"| {tried} | {best_of} | {ours:+.4f} | {theirs:+.4f} |"
        print(f"{row} {100 * np.mean(held):.1f} |", flush=True)


PARTS = {
    "sets": print_sets,
    "closest": print_closest,
    "intervals": print_intervals,
    "winners": print_winners,
    "finals": print_finals,
    "test": print_test,
    "tuning": print_tuning,
}


def main(number: int, only: str | None) -> None:
    """Print the tables."""
    for name, part in PARTS.items():
        if only in (None, name):
            print(f"\n{name}, {number} simulated sweeps a row\n")
            part(number)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--sweeps", type=int, default=2000)
    parser.add_argument("--only", choices=PARTS)
    parsed = parser.parse_args()
    main(parsed.sweeps, parsed.only)
