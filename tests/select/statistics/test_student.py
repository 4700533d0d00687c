"""Against `scipy.stats`, which has the same distribution by another way."""

import pytest
from scipy import stats

from bakeoff.select.statistics.student import quantile, upper_tail


@pytest.mark.parametrize("df", [1, 2, 7.5, 400])
def test_it_is_the_t_distribution(df):
    for probability in (0.0005, 0.05, 0.5, 0.975, 0.99999):
        assert quantile(probability, df) == pytest.approx(stats.t.ppf(probability, df), rel=1e-12)
    for t in (-3.5, 0, 0.1, 40):
        assert upper_tail(t, df) == pytest.approx(stats.t.sf(t, df), rel=1e-12)


def test_a_table_of_student_says_so():
    assert quantile(0.975, 4) == pytest.approx(2.776, abs=5e-4)
    assert upper_tail(2.132, 4) == pytest.approx(0.05, abs=5e-5)
