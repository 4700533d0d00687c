"""The corrected resampled t-test, by hand and by scikit-learn's published example."""

import numpy as np
import pytest
from sklearn.datasets import make_moons
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
from sklearn.svm import SVC

from bakeoff.select.statistics.practical import practical
from bakeoff.select.statistics.resampled import resampled_difference


def test_by_hand():
    # 1, 2, 3 over 3 folds: s^2 = 1, n_test / n_train = 1/2, SE = sqrt(1/3 + 1/2)
    found = resampled_difference([1, 2, 3], 1 / 2, 0.95)
    assert (found.mean, found.df) == (2, 2)
    assert found.standard_error == pytest.approx((1 / 3 + 1 / 2) ** 0.5)
    assert found.analysis == "resampled"


def test_without_overlap_it_is_the_paired_t_test():
    found = resampled_difference([1, 2, 3], 0.0, 0.95)
    assert found.p == pytest.approx(0.0741799, abs=1e-6)


def test_one_resample_has_no_interval():
    assert resampled_difference([0.1], 1 / 9, 0.95) is None


def test_scikit_learns_example_on_comparing_grid_search_results():
    # https://scikit-learn.org/stable/auto_examples/model_selection/plot_grid_search_stats.html prints
    # t = .750, p = .227 (one-sided), uncorrected 2.611 and .005; better .773; equivalent within .01: .432
    x, y = make_moons(noise=0.352, random_state=1, n_samples=100)
    folds = RepeatedStratifiedKFold(n_splits=10, n_repeats=10, random_state=0)
    rbf, linear = (
        cross_val_score(SVC(kernel=kernel, random_state=0), x, y, scoring="roc_auc", cv=folds)
        for kernel in ("rbf", "linear")
    )
    found = resampled_difference(rbf - linear, 10 / 90, 0.95)
    plain = resampled_difference(rbf - linear, 0.0, 0.95)
    assert found.mean / found.standard_error == pytest.approx(0.750, abs=5e-4)
    assert found.p / 2 == pytest.approx(0.227, abs=5e-4)
    assert plain.mean / plain.standard_error == pytest.approx(2.611, abs=5e-4)
    assert practical(found, 0.0, "max").better == pytest.approx(0.773, abs=5e-4)
    assert practical(found, 0.01, "max").equal == pytest.approx(0.432, abs=5e-4)


def test_the_correction_counts_resamples_not_samples():
    found = resampled_difference(np.arange(10.0), 1 / 9, 0.95)
    assert found.standard_error**2 == pytest.approx((1 / 10 + 1 / 9) * np.arange(10.0).var(ddof=1))
