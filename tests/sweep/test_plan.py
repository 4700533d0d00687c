"""Jobs and mistakes of an experiment, found without torch."""

import subprocess
import sys
from pathlib import Path

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.run.run_id import run_id
from bakeoff.store import paths
from bakeoff.sweep.plan import plan

LOCALIZATION = paths.experiment_dir("localization")


def jobs(*overrides: str) -> list[list[str]]:
    return plan("localization", overrides, LOCALIZATION).jobs


def mistakes(*overrides: str) -> list[str]:
    with pytest.raises(BakeoffError) as error:
        plan("localization", overrides, LOCALIZATION)
    return str(error.value).split("\n")


def test_sweeps_on_the_command_line_replace_those_of_the_experiment():
    swept = jobs("model=lenet5/deep,lenet5/standard", "optimizer.lr=1e-3,3e-3", "seed=range(5)")
    assert len(swept) == 2 * 2 * 5
    assert sorted(swept[0]) == ["model=lenet5/deep", "optimizer.lr=0.001", "seed=0"]


def test_single_run_mode_is_one_job():
    assert jobs("hydra.mode=RUN", "seed=3") == [["hydra.mode=RUN", "seed=3"]]


def test_one_config_per_choice_of_groups_with_its_values_applied():
    planned = plan("localization", ["optimizer.lr=0.5", "seed=range(4)"], LOCALIZATION)
    assert len(planned.configs) == 3
    assert {config.optimizer.lr for config in planned.configs} == {0.5}


def test_an_applied_config_has_the_identity_of_the_composed_one():
    applied = plan("localization", ["hydra.mode=RUN", "optimizer.lr=0.5", "seed=7"], LOCALIZATION)
    # Adding a key that exists is composing it: another way to the same config.
    forced = plan(
        "localization", ["hydra.mode=RUN", "++optimizer.lr=0.5", "++seed=7"], LOCALIZATION
    )
    assert run_id(applied.configs[0]) == run_id(forced.configs[0])


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("optimizer.lrr=1", "did you mean 'optimizer.lr'"),
        ("optimiser.lr=1", "did you mean 'optimizer.lr'"),
        ("model=lenet5/dep", "did you mean 'lenet5/deep'"),
        ("model=lenet5/deep,lenet5/standart", "did you mean 'lenet5/standard'"),
        ("data=localization/minst", "did you mean 'localization/mnist'"),
        ("optimizer.lr=fast", "optimizer.lr=fast: expected a number"),
        ("optimizer.lr=1e-3,quick", "optimizer.lr=quick: expected a number"),
        ("trainer.max_epochs=2.5", "trainer.max_epochs=2.5: expected a whole number"),
        ("optimizer.fused=2", "expected true or false"),
        ("data.distortion.scale=2", "expected a list"),
        ("hydra.launcher.n_job=2", "did you mean 'hydra.launcher.n_jobs'"),
        ("seed=[", "no viable alternative"),
        ("~optimizer.momentum", "no such key"),
        ("scheduler=null", "must be a string"),
    ],
)
def test_a_mistake_is_answered_with_what_is_valid(override, said):
    assert said in "\n".join(mistakes(override))


def test_all_mistakes_at_once():
    found = mistakes("optimizer.lrr=3", "trainer.max_epochs=2.5", "optimizer.lr=fast")
    assert len(found) == 3


@pytest.mark.parametrize(
    "override",
    ["optimizer.lr=1", "+trainer.limit_val_batches=2", "~scheduler", "augment=shift",
     "augment=shift", "patience=3", "data.noise={level: 0.1}", "optimizer.weight_decay=0"],
)  # fmt: skip
def test_what_is_valid_passes(override):
    assert len(jobs(override)) == 6


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
    assert [config.model._target_ for config in planned.configs][1] == "wide.Wide"
    assert "'wide'" in mistakes(search_path, "model=wid")[0]
