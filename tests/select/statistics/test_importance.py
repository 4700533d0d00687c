"""The keys that decide are found, those that do not are not."""

import numpy as np
import pytest

from bakeoff.select.statistics.importance import importance

RANDOM = np.random.default_rng(1)
SETTINGS = RANDOM.uniform(size=(60, 3))


def test_the_key_that_decides_has_the_importance():
    found = importance(SETTINGS, 3 * SETTINGS[:, 1] + SETTINGS[:, 0])
    none, some, much = found.drops[2], found.drops[0], found.drops[1]
    assert found.r2 > 0.8
    assert none < 0.02 < some < 0.3 < 1 < much


def test_it_does_not_matter_whether_a_key_is_on_a_log_scale():
    values = 3 * SETTINGS[:, 1] + SETTINGS[:, 0]
    plain, powers = importance(SETTINGS, values), importance(10**SETTINGS, values)
    assert powers.r2 == pytest.approx(plain.r2, abs=0.01)
    assert powers.drops == pytest.approx(plain.drops, abs=0.02)


def test_noise_is_not_explained():
    assert importance(SETTINGS, RANDOM.normal(size=60)).r2 < 0.1


def test_values_that_are_all_the_same_have_no_cause():
    found = importance(SETTINGS[:8], [0.5] * 8)
    assert (found.r2, found.drops) == (0, (0, 0, 0))


def test_the_same_settings_give_the_same_importance():
    values = RANDOM.normal(size=12)
    assert importance(SETTINGS[:12], values) == importance(SETTINGS[:12], values)
