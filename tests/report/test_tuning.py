"""An architecture is not preferred for having been tuned more."""

import pytest

from bakeoff.report.tuning import OWN, tuned, tuning_panels, tuning_words


def rows(model: str | None, *means: float, lost: int = 0) -> list[dict]:
    choice = [] if model is None else [f"model={model}"]
    return [
        {
            "overrides": [*choice, f"lr={at}"],
            "mean": mean,
            "n": 3,
            "status_counts": {"completed": 3, "failed": int(at >= len(means) - lost)},
        }
        for at, mean in enumerate(means)
    ]


MANY = rows("many", 0.5, 0.52, 0.54, 0.56, 0.58, 0.9)  # one lucky setting of six
FEW = rows("few", 0.8, 0.85)


def test_at_equal_tuning_the_order_turns_and_that_is_said():
    found = tuned(MANY + FEW, "max")
    assert [one.name for one in found] == ["few", "many"]
    # By hand: the best of two of six, (1*.52 + 2*.54 + 3*.56 + 4*.58 + 5*.9) / 15 = .6733.
    assert found[1].curve.expected[1] == pytest.approx(0.67333, abs=1e-5)
    unequal, turned = tuning_words(found, "max", 4)
    assert unequal.startswith("Not all were tuned equally: many with 6, few with 2.")
    assert turned == (
        "many has the best setting, but with 2 settings each few would be expected to reach 0.8500, "
        "many 0.6733."
    )


def test_less_is_better_where_it_is():
    found = tuned(rows("a", 1, 2, 3, 4) + rows("b", 5, 6), "min")
    assert [one.name for one in found] == ["a", "b"] and found[0].best == 1
    assert len(tuning_words(found, "min", 1)) == 1  # the order does not turn


def test_equal_tuning_and_a_single_architecture_are_said():
    (said,) = tuning_words(tuned(rows("a", 1, 2, 3, 4) + rows("b", 5, 6, 7, 8), "max"), "max", 1)
    assert said.startswith("Each architecture was tried with 4 settings")
    found = tuned(rows(None, 1, 2, 3, 4), "max")
    assert found[0].name == OWN
    # By hand: the best of two of four, (1*2 + 2*3 + 3*4) / 6 = 3.33.
    assert tuning_words(found, "max", 2)[0].endswith("2, would be expected to reach 3.33.")


def test_settings_that_lost_a_run_are_left_out_and_counted():
    (one,) = tuned(rows("a", 1, 2, 3, 4, 5, 99, lost=1), "max")
    assert (one.tried, one.left_out, one.best) == (5, 1, 5)


def test_three_settings_say_nothing():
    assert tuned(rows("a", 1, 2, 3) + rows("b", 1), "max") == []
    assert tuned([], "max") == []


def test_panels_are_of_architectures_with_enough_settings():
    panels = tuning_panels(tuned(MANY + FEW, "max"), "accuracy")
    assert [name for name, _ in panels] == ["many"]
