"""n-grams of contexts."""

import numpy as np
import pytest

from bakeoff.tasks.words.baselines import NGram, nearest
from bakeoff.text.kneser_ney import KneserNey

RNG = np.random.default_rng(0)
CONTEXTS, TARGETS = RNG.integers(0, 5, (200, 5)), RNG.integers(0, 3, 200)


def test_the_nearest_word_is_the_last_and_the_one_before_the_target_goes_first():
    # Columns 0 1 2 before and 3 4 after: distances 3 2 1 and 1 2.
    assert nearest(3, 2) == [0, 4, 1, 3, 2]
    assert nearest(3, 0) == [0, 1, 2]
    assert nearest(0, 2) == [1, 0]
    assert nearest(1, 3) == [3, 2, 1, 0]


@pytest.mark.parametrize(("around", "columns"), [(False, [0, 1, 2]), (True, [0, 4, 1, 3, 2])])
def test_it_reads_the_columns_of_its_sides(around, columns):
    model = NGram(3, before=3, after=2, around=around, output_shape=(4,)).fit(CONTEXTS, TARGETS)
    plain = KneserNey(3, classes=4).fit(CONTEXTS[:, columns], TARGETS)
    found = model.predict_proba(CONTEXTS[:9])
    assert found.tolist() == plain.predict_proba(CONTEXTS[:9][:, columns]).tolist()
    assert found.shape == (9, 4)
    assert model.predict(CONTEXTS[:9]).tolist() == found.argmax(axis=1).tolist()


def test_the_words_after_the_target_count_only_around_it():
    changed = CONTEXTS.copy()
    changed[:, 3:] = 0
    before = NGram(5, 3, 2, False, (3,)).fit(CONTEXTS, TARGETS)
    assert before.predict_proba(changed).tolist() == before.predict_proba(CONTEXTS).tolist()
    around = NGram(5, 3, 2, True, (3,)).fit(CONTEXTS, TARGETS)
    assert around.predict_proba(changed).tolist() != around.predict_proba(CONTEXTS).tolist()
