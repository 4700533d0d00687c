"""Importance is told of sweeps that are large enough, and only where it can be."""

import pytest

from bakeoff.report.hyperparameters import _scale, hyperparameters, parallel_chart


def row(at: int, mean: float, **settings) -> dict:
    return {
        "name": f"c{at}",
        "overrides": [f"{key}={value}" for key, value in settings.items()],
        "mean": mean,
        "n": 2,
        "status_counts": {"completed": 2},
    }


GRID = [
    row(at, -((lr - 2) ** 2), lr=10**-lr, act=act)
    for at, (lr, act) in enumerate((lr, act) for lr in range(1, 9) for act in ("relu", "tanh"))
]


def test_the_key_that_decides_comes_first():
    found = hyperparameters(GRID)
    assert list(found.keys) == ["lr", "act"]
    assert found.told and found.found.r2 > 0.5
    (_, first), (_, second) = found.shares
    assert first > 0.5 > 0.05 > second


@pytest.mark.parametrize("rows", [GRID[:7], [row(at, at, lr=at) for at in range(20)], []])
def test_too_few_candidates_or_keys_tell_nothing(rows):
    assert hyperparameters(rows) is None


def test_without_an_effect_nothing_is_told():
    assert not hyperparameters([{**r, "mean": 0.5} for r in GRID]).told


def test_the_chart_has_a_line_for_each_candidate_and_an_axis_for_each_key(chart):
    found = chart(parallel_chart(hyperparameters(GRID), "score", GRID[0], 2, 330))
    assert set(found.tips) == {f"{r['name']}: {r['mean']:.2f}".replace("-", "−") for r in GRID}
    assert {"lr", "act", "score", "relu", "tanh"} <= set(found.texts)


def test_numbers_over_decades_are_on_a_log_scale_and_choices_evenly_spaced():
    assert _scale("lr", [0.001, 0.01, 0.1], 500).places == pytest.approx([0, 0.5, 1])
    assert _scale("width", [1.0, 2.0, 3.0], 500).places == pytest.approx([0, 0.5, 1])
    assert _scale("act", ["b", "a", "c"], 500).ticks == [(0, "a"), (0.5, "b"), (1, "c")]
    many = _scale("lr", [10.0**at for at in range(-8, 1)], 500)
    assert [text for _, text in many.ticks] == ["1e-08", "0.0001", "1"]
