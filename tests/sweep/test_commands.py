"""The commands that make a run or a sweep again."""

import shlex
from pathlib import Path

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.store import paths, record
from bakeoff.store.plan_file import PlanFile
from bakeoff.store.record import Metric, RunRecord
from bakeoff.sweep.commands import (
    extension_command,
    extension_commands,
    rebuild_command,
    seedless_command,
    sweep_command,
    sweep_name,
)

OWN_MODEL = """
defaults:
  - lenet5/shallow@_here_
dense: [5]
"""


def run_of(*overrides):
    return RunRecord("x", "completed", "tiny", "t", "c", list(overrides), 3, Metric("m", "max"))


def test_overrides_are_quoted_for_a_shell_and_the_seed_is_said(tmp_path):
    command = rebuild_command(tmp_path, run_of("model.dense=[4, 5]", "task.name='a b'"))
    assert shlex.split(command) == [
        *("bakeoff", "train", "--config-name", "tiny", "hydra.mode=RUN"),
        *("model.dense=[4, 5]", "task.name='a b'", "seed=3"),
    ]
    assert rebuild_command(tmp_path, run_of("seed=0")).endswith("hydra.mode=RUN seed=0")


def test_a_selected_model_of_the_users_own_is_rebuilt_by_the_command(workplace):
    place = workplace.folder
    (place / "mine" / "model").mkdir(parents=True)
    (place / "mine" / "model" / "tight.yaml").write_text(OWN_MODEL)
    own = ["hydra.searchpath=[file://mine]", "model=tight", "optimizer.lr=1e-3"]
    own += ["seed=0", "trainer.max_epochs=1"]
    done = workplace.run("run", "tiny", *own)
    assert done.returncode == 0, done.stderr
    sweep = (place / "outputs" / "tiny" / "latest").resolve()
    command = (sweep / "best" / "command.txt").read_text()
    words = shlex.split(command)
    assert own[0] in words
    report = (sweep / "report.html").read_text().replace("<wbr>", "")
    assert command.strip().replace("'", "&#39;") in report
    done = workplace.run(*words[1:], "hydra.run.dir=again")
    assert done.returncode == 0, done.stderr
    [folder] = [path.parent for path in sweep.glob("*/run.json")]
    again, first = record.read(place / "again"), record.read(folder)
    assert (again.id, again.metrics) == (first.id, first.metrics)


def test_a_sweep_is_made_again_with_the_overrides_it_was_given(tmp_path):
    assert sweep_command(tmp_path, "tiny") == "bakeoff run tiny"
    (tmp_path / "multirun.yaml").write_text(
        """
hydra:
  overrides:
    hydra: ["hydra.searchpath=[file://mine]", hydra.sweep.dir=outputs/tiny/x]
    task: [model=wide, "seed=range(3)"]
"""
    )
    command = sweep_command(tmp_path, "tiny")
    words = [
        "bakeoff",
        "run",
        "tiny",
        "hydra.searchpath=[file://mine]",
        "model=wide",
        "seed=range(3)",
    ]
    assert shlex.split(command) == words


PRIMARY = """
hydra:
  job: {{config_name: {name}}}
  runtime:
    config_sources:
    - {{path: hydra.conf, schema: pkg, provider: hydra}}
    - {{path: {folder}, schema: file, provider: command-line}}
  overrides: {{hydra: [hydra.mode=MULTIRUN, hydra/launcher=basic], task: [seed=1]}}
"""


def test_a_run_of_a_multirun_without_an_experiment_needs_no_config_name(tmp_path):
    (tmp_path / ".hydra").mkdir()
    text = PRIMARY.format(name="config", folder=paths.experiment_dir("localization"))
    (tmp_path / ".hydra" / "hydra.yaml").write_text(text)
    assert rebuild_command(tmp_path, run_of("seed=1")) == "bakeoff train hydra.mode=RUN seed=1"


def test_a_config_in_a_folder_of_the_users_own_is_found_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".hydra").mkdir()
    (tmp_path / "mine").mkdir()
    text = PRIMARY.format(name="own", folder=tmp_path / "mine")
    (tmp_path / ".hydra" / "hydra.yaml").write_text(text)
    (tmp_path / "multirun.yaml").write_text(text)
    assert rebuild_command(tmp_path, run_of("seed=1")) == (
        "bakeoff train --config-dir mine --config-name own hydra.mode=RUN seed=1"
    )
    assert sweep_command(tmp_path, "own") == (
        "bakeoff run own --config-dir mine hydra/launcher=basic seed=1"
    )


def noted(folder, config_name):
    (folder / "multirun.yaml").write_text(
        f"""
hydra:
  job: {{config_name: {config_name}}}
  overrides:
    hydra: []
    task: [data=localization/mnist, "++seed=range(3)", "model=a,b"]
"""
    )


def test_a_multirun_without_an_experiment_is_made_again_by_train(tmp_path):
    noted(tmp_path, "config")
    words = shlex.split(sweep_command(tmp_path, "train"))
    assert words[:4] == ["bakeoff", "train", "-m", "data=localization/mnist"]
    noted(tmp_path, "localization")
    assert sweep_command(tmp_path, "localization").startswith("bakeoff run localization data=")


def test_other_seeds_take_the_place_of_the_ones_that_were_given(tmp_path):
    noted(tmp_path, "localization")
    command = seedless_command(tmp_path, "localization")
    assert command == "bakeoff run localization data=localization/mnist model=a,b"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "- a",
        "hydra: 3",
        "hydra: {overrides: []}",
        "hydra: {overrides: {task: a}}",
        "a: [",
        "word",
    ],
)
def test_a_damaged_note_of_hydra_is_said(tmp_path, content):
    (tmp_path / "multirun.yaml").write_text(content)
    with pytest.raises(BakeoffError, match=r"multirun\.yaml"):
        sweep_command(tmp_path, "tiny")


def test_a_sweep_with_a_plan_is_extended_and_one_without_is_made_again(tmp_path):
    sweep = tmp_path / "localization" / "my sweep"
    sweep.mkdir(parents=True)
    noted(sweep, "localization")
    assert extension_command(sweep, "localization") == seedless_command(sweep, "localization")
    assert extension_commands(sweep) == ""
    PlanFile(
        experiment="e",
        config_name="localization",
        config_dir=None,
        search_path=[],
        overrides=[],
        jobs=[],
        extensions=["model=c", "'seed=range(3)'"],
    ).write(sweep)
    start = "bakeoff extend 'localization/my sweep'"
    assert extension_command(sweep, "localization") == start
    assert extension_commands(sweep) == f"{start} model=c\n{start} 'seed=range(3)'"


def test_a_sweep_is_called_by_what_finds_it_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert sweep_name(tmp_path / "outputs" / "tiny" / "2026-01-01") == "tiny/2026-01-01"
    assert sweep_name(tmp_path / "mine" / "here") == sweep_name(Path("mine/here")) == "mine/here"
    assert sweep_name(tmp_path / "here") == "here"
    assert sweep_name(tmp_path.parent / "elsewhere" / "there") == "elsewhere/there"
