"""A sweep whose folder has lost its plan has no winner; a search never had a plan."""

import pytest

from bakeoff.select.lost_plan import lost_plan


@pytest.fixture
def copied(tmp_path):
    """Makes the folder of a sweep with a run, by a sweeper of Hydra's."""

    def make(sweeper):
        notes = tmp_path / "0123456789ab" / ".hydra"
        notes.mkdir(parents=True)
        (notes / "hydra.yaml").write_text(
            f"hydra:\n  runtime:\n    choices:\n      hydra/sweeper: {sweeper}\n"
        )
        return tmp_path

    return make


def test_a_plan_that_is_missing_is_said_until_it_is_restored(copied):
    sweep = copied("grid")
    assert str(sweep / "plan.json") in lost_plan(sweep)
    (sweep / "plan.json").touch()
    assert lost_plan(sweep) == ""


def test_a_search_has_none(copied):
    assert lost_plan(copied("optuna")) == ""


def test_without_a_word_of_hydra_nothing_is_known(tmp_path):
    assert lost_plan(tmp_path) == ""
