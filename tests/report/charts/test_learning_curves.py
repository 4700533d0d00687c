"""A panel of learning curves: every line in its look, on the scale that panels share."""

import math

import pytest

from bakeoff.report.charts.learning_curves import Scale, Trace, draw_learning_curves

SCALE = Scale(x=(0, 10), y=(0, 1))


def trace(kind: str, y=(0.2, 0.8), **more) -> Trace:
    return Trace(list(range(len(y))), list(y), kind, tip=kind, **more)


def test_every_line_has_its_look_and_the_background_comes_first(chart):
    kinds = ["best", "mean", "lost", "run", "other"]
    found = chart(draw_learning_curves([trace(kind) for kind in kinds], SCALE, "curves"))
    assert found.tips == ["other", "run", "lost", "mean", "best"]
    assert "stroke-dasharray" in found.style("lost")
    assert "stroke-dasharray" not in found.style("run")
    assert "stroke-width: 2" in found.style("mean")
    # A line is a path that is not filled and has a stroke.
    assert all("fill: none; stroke" in found.style(kind) for kind in kinds if kind != "best")
    assert "fill: none; stroke" not in found.style("best")


def test_a_run_of_one_epoch_is_a_dot(chart):
    found = chart(draw_learning_curves([trace("run", y=(0.5,))], SCALE, "one"))
    # 42 to 314 across for 0 to 10; 172 up to 32 for 0 to 1, of 180.
    assert found.place("run") == pytest.approx((42, 180 - (32 + 140 / 2)))


def test_a_log_scale_puts_a_tenth_as_far_as_another(chart):
    scale = Scale(x=(0, 2), y=(0.01, 1), log=True, x_label="step")
    dots = [Trace([i], [10.0**-i], "best", tip=f"{i}") for i in range(3)]
    found = chart(draw_learning_curves(dots, scale, "log"))
    heights = [found.place(f"{i}")[1] for i in range(3)]
    assert heights[1] - heights[0] == pytest.approx(heights[2] - heights[1], abs=0.02)
    assert "step" in found.texts


def test_epochs_are_whole_numbers(chart):
    found = chart(draw_learning_curves([trace("run")], Scale(x=(0, 3), y=(0, 1)), "few epochs"))
    numbers = {text for text in found.texts if text[:1].isdigit() and "." not in text}
    assert {"0", "1", "2", "3"} <= numbers
    assert not [t for t in found.texts if t.endswith(".5") and math.isclose(float(t) % 1, 0.5)]
