"""The expected best rises with the number of settings tried."""

from bakeoff.report.charts.tuning_curve import TuningScale, draw_tuning_curve
from bakeoff.select.statistics.expected_best import expected_best

SCALE = TuningScale((0, 13), (0, 13))


def test_it_says_what_the_best_of_all_settings_reaches(chart):
    curve = expected_best(range(1, 13), "max", 0.95)
    found = chart(draw_tuning_curve(curve, [[1.0, 2.0]], SCALE, "Expected best score of mlp"))
    assert found.tips == ["Expected best score of mlp: 12 with 12 settings"]
    assert "settings tried" in found.texts


def test_the_band_is_drawn_only_where_there_is_one(chart):
    drawn = [
        draw_tuning_curve(expected_best(range(count), "max", 0.95), [], SCALE, "best")
        for count in (12, 4)
    ]
    assert ["opacity: 0.14" in svg for svg in drawn] == [True, False]
