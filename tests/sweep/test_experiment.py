"""An experiment is always swept, and carries its file's name."""

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.store import paths
from bakeoff.sweep.experiment import draft_experiment, plan_experiment

OWN = "defaults: [config, _self_]\nexperiment: own\nhydra: {sweeper: {params: {seed: range(3)}}}\n"


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "experiments").mkdir()
    (tmp_path / "experiments" / "own.yaml").write_text(OWN)
    (tmp_path / "experiments" / "copy.yaml").write_text(OWN)
    return tmp_path


def test_an_experiment_is_swept_whether_its_mode_says_so_or_not(place):
    assert len(plan_experiment("own", []).jobs) == 3


def test_all_mistakes_are_raised_and_a_draft_is_kept(place):
    with pytest.raises(BakeoffError, match="no such key"):
        plan_experiment("own", ["optimizer.lrr=1"])
    planned, mistakes = draft_experiment("own", ["optimizer.lrr=1"])
    assert len(planned.jobs) == 3 and len(mistakes) == 1


def test_an_experiment_must_carry_its_files_name(place):
    with pytest.raises(BakeoffError, match=r"copy.yaml says experiment: own; expected copy"):
        plan_experiment("copy", [])


def test_unknown_experiment_names_the_nearest():
    with pytest.raises(BakeoffError, match=r"no experiment 'localisation'.*'localization'"):
        draft_experiment("localisation", [])
    with pytest.raises(BakeoffError, match=r"no experiment 'localisation'.*'localization'"):
        paths.experiment_dir("localisation")
