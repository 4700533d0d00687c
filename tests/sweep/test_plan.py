"""Jobs and mistakes of an experiment, found without torch."""

import subprocess
import sys
from pathlib import Path

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.store import paths
from bakeoff.sweep.plan import draft, plan

LOCALIZATION = paths.experiment_dir("localization")
OWN = """
defaults:
  - config
  - override task: conjugation
  - _self_
experiment: own
model:
  embedding: embedding/latest
hydra:
  mode: MULTIRUN
"""


def jobs(*overrides: str) -> list[list[str]]:
    return [job.overrides for job in plan("localization", overrides, LOCALIZATION).jobs]


def test_sweeps_on_the_command_line_replace_those_of_the_experiment():
    swept = jobs("model=lenet5/deep,lenet5/standard", "optimizer.lr=1e-3,3e-3", "seed=range(5)")
    assert len(swept) == 2 * 2 * 5
    assert swept[0] == ["model=lenet5/deep", "seed=0", "optimizer.lr=0.001"]


def test_the_sweep_as_a_whole_is_composed_without_what_its_default_net_lacks():
    given = [
        "model=mlp/standard,mlp/deep",
        "model.activation=tanh",
        "trainer.max_epochs=1",
        "threads=2",
    ]
    planned = plan("localization", [*given, "hydra.launcher.n_jobs=1"], LOCALIZATION)
    left = ["model=mlp/standard,mlp/deep", "trainer.max_epochs=1", "threads=2"]
    assert sorted(planned.overrides_of_the_whole) == sorted([*left, "hydra.launcher.n_jobs=1"])
    assert all(job.config.model.activation == "tanh" for job in planned.jobs)


def test_single_run_mode_is_one_job():
    planned = plan("localization", ["hydra.mode=RUN", "seed=3"], LOCALIZATION)
    assert [job.overrides for job in planned.jobs] == [["seed=3"]]
    assert (planned.settings, planned.multirun) == (["hydra.mode=RUN"], False)


def test_several_values_in_a_single_run_are_refused():
    with pytest.raises(BakeoffError, match=r"seed=1,2: several values in a single run: add -m"):
        jobs("hydra.mode=RUN", "seed=1,2")
    with pytest.raises(BakeoffError, match=r"hydra.verbose=true,false: expected one value"):
        jobs("hydra.verbose=true,false")


def test_a_key_of_the_command_line_replaces_the_configs_own_sweep_in_whatever_form():
    for seed in ("seed=5,6", "++seed=5,6"):
        assert len(jobs(seed, "model=lenet5/deep")) == 2
    assert len(jobs("~augment")) == 6


def test_seeds_in_any_form_are_replicates_of_one_candidate():
    for seed in ("seed=range(3)", "++seed=range(3)"):
        planned = plan("localization", [seed, "optimizer.lr=1e-3,3e-3"], LOCALIZATION)
        assert (len(planned.jobs), len(planned.candidates)) == (3 * 3 * 2, 3 * 2)


@pytest.mark.parametrize(
    ("experiment", "overrides", "first", "second"),
    [
        (
            "localization",
            ["seed=0,0"],
            "model=lenet5/shallow seed=0",
            "model=lenet5/shallow seed=0",
        ),
        (
            "regularization",
            ["regularization=none,l2", "regularization.l2=0", "seed=0", "optimizer.lr=0.1"],
            "regularization=none optimizer.lr=0.1 optimizer.momentum=0.9 seed=0 regularization.l2=0",
            "regularization=l2 optimizer.lr=0.1 optimizer.momentum=0.9 seed=0 regularization.l2=0",
        ),
    ],
)
def test_two_jobs_that_are_the_same_run_are_refused_by_name(experiment, overrides, first, second):
    with pytest.raises(BakeoffError) as error:
        plan(experiment, overrides, paths.experiment_dir(experiment))
    assert f"{first} and {second}" in str(error.value)


def test_two_options_of_the_same_content_are_the_same_run(tmp_path: Path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "again.yaml").write_text("defaults: [lenet5/deep@_here_]\n")
    overrides = [f"hydra.searchpath=[file://{tmp_path}]", "model=lenet5/deep,again", "seed=0"]
    with pytest.raises(BakeoffError, match=r"model=lenet5/deep seed=0 and model=again seed=0"):
        plan("localization", overrides, LOCALIZATION)


def test_what_decides_no_training_makes_no_second_run():
    with pytest.raises(BakeoffError, match="two jobs are the same run"):
        jobs("task.showcase.samples=3,4")


def test_a_draft_holds_what_is_right_beside_the_mistakes():
    overrides = ["optimizer.lrr=3", "trainer.max_epochs=2"]
    planned, mistakes = draft("localization", overrides, LOCALIZATION)
    assert len(mistakes) == 1 and planned.jobs[0].config.trainer.max_epochs == 2
    planned, mistakes = draft("localization", ["model=lenet5/dep"], LOCALIZATION)
    assert len(mistakes) == 1 and planned is None


def test_a_run_to_start_from_is_pinned_wherever_it_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "outputs" / "embedding" / "2026-01-01").mkdir(parents=True)
    paths.point_latest(tmp_path / "outputs" / "embedding" / "2026-01-01")
    (tmp_path / "own.yaml").write_text(OWN)
    pinned = "model.embedding=embedding/2026-01-01"
    planned = plan("own", ["model=word_mlp/shallow", "seed=0,1"], tmp_path)
    assert [job.overrides[-1] for job in planned.jobs] == [pinned] * 2
    assert {job.config.model.embedding for job in planned.jobs} == {"embedding/2026-01-01"}
    typed = ["++model.embedding=null,embedding/latest"]
    planned = plan("own", typed, tmp_path, multirun=True)
    assert [job.config.model.embedding for job in planned.jobs] == [None, "embedding/2026-01-01"]
    assert planned.typed == typed
    assert planned.overrides == ["++model.embedding=null,embedding/2026-01-01"]


def test_an_option_that_refers_to_what_other_data_have_is_named():
    folder = paths.experiment_dir("generation")
    with pytest.raises(
        BakeoffError, match=r"^model: .*'data.before' not found: choose another opt"
    ):
        plan("generation", ["model=word_lstm/two"], folder)
    plan("generation", ["model=word_lstm/two", "model.before=3"], folder)


def test_unknown_experiment_names_the_nearest():
    with pytest.raises(BakeoffError, match=r"no experiment 'localisation'.*'localization'"):
        paths.experiment_dir("localisation")


def test_planning_does_not_import_torch():
    code = (
        "import sys; from bakeoff.store import paths; from bakeoff.sweep.plan import plan;"
        "plan('localization', [], paths.experiment_dir('localization'));"
        "sys.exit('torch' in sys.modules or 'pytorch_lightning' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=Path.cwd(), check=False).returncode == 0


def test_a_users_own_option_is_found_on_the_search_path(tmp_path: Path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "wide.yaml").write_text("_target_: wide.Wide\nwidth: 8\n")
    search_path = f"hydra.searchpath=[file://{tmp_path}]"
    planned = plan("localization", [search_path, "model=lenet5/deep,wide", "seed=0"], LOCALIZATION)
    assert [job.config.model._target_ for job in planned.jobs][1] == "wide.Wide"
    with pytest.raises(BakeoffError, match="'wide'"):
        plan("localization", [search_path, "model=wid"], LOCALIZATION)
