"""A line looks the same with fewer points."""

from bakeoff.report.charts.thinned import thinned


def test_few_points_stay_as_they_are():
    points = [(0, 1), (0.1, 5), (0.2, 3), (0.3, 4), (7, 2)]
    assert thinned(points) == points


def test_of_a_crowded_column_the_ends_and_the_extremes_stay():
    crowd = [(0.0, 5), (0.1, 6), (0.2, 9), (0.25, 7), (0.3, 1), (0.4, 5), (0.45, 4)]
    assert thinned([*crowd, (2, 2)]) == [(0.0, 5), (0.2, 9), (0.3, 1), (0.45, 4), (2, 2)]


def test_a_curve_of_many_epochs_has_at_most_four_points_in_a_column():
    points = [(at / 100, at % 17) for at in range(20_000)]  # 200 pixels
    found = thinned(points)
    assert len(found) <= 4 * 400
    assert (found[0], found[-1]) == (points[0], points[-1])
    assert {y for _, y in found} >= {0, 16}
