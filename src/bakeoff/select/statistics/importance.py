"""Which hyperparameters matter: a random forest's estimate by permutation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

TREES, FOLDS, REPEATS, SEED = 64, 5, 10, 0  # a third of a second for 100 settings of 3 keys


@dataclass(frozen=True)
class Importance:
    """`r2`: the share of the variance of unseen settings' values that the forest explains, below zero
    where their mean would do better; `drops`: by how much `r2` falls where a key's values are shuffled.
    """

    r2: float
    drops: tuple[float, ...]


def importance(settings: np.ndarray, values: Sequence[float]) -> Importance:
    """Estimate how much each of K keys matters to the values of N settings, five or more.

    `settings` (N, K) holds numbers, and codes in place of choices. A random forest is fitted to four
    fifths of the settings and predicts the rest, so that every prediction is of an unseen setting; a
    key's importance is the loss of R2 where its column is shuffled (Breiman, Machine Learning 45, 2001),
    interactions with other keys included. Deterministic. Keys that were varied together share their
    importance in no defined way.
    """
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.model_selection import KFold

    settings, values = np.asarray(settings, float), np.asarray(values, float)
    count, keys = settings.shape
    random = np.random.default_rng(SEED)
    orders = [random.permutation(count) for _ in range(REPEATS)]
    error, shuffled = 0.0, np.zeros(keys)
    for fit, held in KFold(FOLDS, shuffle=True, random_state=SEED).split(settings):
        forest = RandomForestRegressor(TREES, min_samples_leaf=2, random_state=SEED, n_jobs=1)
        forest.fit(settings[fit], values[fit])
        # One call predicts all: as they are, then each key by each order.
        tries = np.repeat(settings[None, held], 1 + keys * REPEATS, axis=0)
        for key in range(keys):
            for repeat, order in enumerate(orders):
                tries[1 + key * REPEATS + repeat, :, key] = settings[order[held], key]
        predicted = forest.predict(tries.reshape(-1, keys)).reshape(len(tries), len(held))
        squares = ((predicted - values[held]) ** 2).sum(axis=1)
        error += squares[0]
        shuffled += squares[1:].reshape(keys, REPEATS).mean(axis=1)
    total = float(((values - values.mean()) ** 2).sum())
    if not total:
        return Importance(0.0, (0.0,) * keys)
    drops = np.maximum(shuffled - error, 0) / total
    return Importance(1 - float(error) / total, tuple(drops.tolist()))
