"""Hydra's own options on the commands that take an experiment."""

import argparse
import logging

import pytest
import yaml

from bakeoff.cli import main
from bakeoff.errors import BakeoffError
from bakeoff.verbs import hydra_options


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    hydra_options.add_words(parser)
    hydra_options.add(parser)
    return parser.parse_args(words)


@pytest.fixture
def said(workplace, monkeypatch, capsys):
    """What a command prints, run in this process in a folder with the experiment `tiny`."""
    monkeypatch.chdir(workplace.folder)
    monkeypatch.setattr("sys.argv", ["bakeoff"])
    monkeypatch.setattr(logging.root, "handlers", [])  # --info sets them up
    monkeypatch.setattr(logging.root, "level", logging.root.level)

    def run(*arguments: str) -> str:
        try:
            main(arguments)
        except SystemExit as ended:
            assert ended.code in (0, None), capsys.readouterr().err
        return capsys.readouterr().out

    return run


@pytest.fixture
def refused(workplace, monkeypatch, capsys):
    """What a command that is refused says."""
    monkeypatch.chdir(workplace.folder)

    def run(*arguments: str) -> str:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code in (1, 2)
        return capsys.readouterr().err

    return run


@pytest.mark.parametrize(
    "words",
    [
        ["tiny", "optimizer.lr=1", "--cfg", "job", "seed=3", "-p", "optimizer"],
        ["--cfg", "job", "seed=3", "tiny", "--package", "optimizer", "optimizer.lr=1"],
        ["-p", "optimizer", "optimizer.lr=1", "-c", "job", "tiny", "-m", "seed=3"],
    ],
)
@pytest.mark.parametrize("verb", ["run", "check"])
def test_cfg_shows_the_config_with_overrides_before_and_after_the_options(said, verb, words):
    found = said(verb, *words)
    assert found.startswith("# @package optimizer\n")
    assert yaml.safe_load(found)["lr"] == 1


def test_cfg_of_all_kinds_on_run_and_on_train(said):
    assert yaml.safe_load(said("run", "tiny", "--cfg", "job"))["experiment"] == "tiny"
    hydra = yaml.safe_load(said("run", "tiny", "--cfg", "hydra"))["hydra"]
    assert hydra["sweeper"]["params"]["seed"] == "0,1"
    assert {"hydra", "model"} <= set(
        yaml.safe_load(said("train", "--cfg", "all", "model=lenet5/deep"))
    )
    resolved = said("train", "-cn", "tiny", "-c", "job", "--resolve", "-p", "scheduler.max_lr")
    assert float(resolved) == 0.003
    assert yaml.safe_load(said("train", "--cfg", "job", "scheduler=null"))["scheduler"] is None


@pytest.mark.parametrize(
    "words",
    [
        ["run", "tiny", "--info", "defaults"],
        ["run", "--info", "tiny", "seed=3"],
        ["run", "tiny", "seed=3", "--info"],
        ["train", "--config-name", "tiny", "--info", "seed=3"],
    ],
)
def test_info_tells_where_a_config_comes_from(said, words):
    found = said(*words)
    assert "Defaults List" in found and "lenet5/shallow" in found


def test_multirun_is_no_harm_and_groups_of_ones_own_are_found(said, workplace):
    (workplace.folder / "mine" / "optimizer").mkdir(parents=True)
    (workplace.folder / "mine" / "optimizer" / "own.yaml").write_text(
        "_target_: own.Own\nlr: 0.1\n"
    )
    words = ["seed=7", "tiny", "--dry-run", "--config-dir", "mine", "optimizer=own,adam"]
    found = said("run", "-m", *words)
    assert len(found.splitlines()) == 4 and "seed=7 optimizer=own" in found


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["run", "tiny", "--run"], "--run: an experiment is a sweep: for one run, bakeoff train"),
        (["run", "tiny", "hydra.mode=RUN"], "hydra.mode: an experiment is a sweep"),
        (["run", "tiny", "--config-name", "x"], "--config-name: give the experiment's name alone"),
        (["check", "tiny", "-cp", "x"], "--config-path: experiments need bakeoff's own groups"),
        (["run", "tiny", "other", "seed=1"], "'tiny' and 'other': expected one experiment"),
        (["run", "tiny", "--cfg", "job", "seed=1,2"], "seed=1,2: several values, and --cfg"),
        (["train", "-m", "--cfg", "job"], "--cfg job shows one config, and -m trains several"),
        (["train", "--experimental-rerun", "x"], "--experimental-rerun: train a run again by"),
        (["train", "tiny"], "'tiny': expected an override such as seed=3; an experiment is"),
        (["run", "seed=3"], "seed=3: of which experiment?"),
        (["run", "tiny", "--config-dir", "no"], "--config-dir no: no such folder"),
        (["run", "tiny", "hydra.launcher=basic"], "an option of a group is chosen by hydra/launcher="),
    ],
)  # fmt: skip
def test_what_cannot_be_honoured_is_refused_by_name(refused, words, reason):
    assert reason in refused(*words)


def test_a_list_of_everything_answers_a_command_without_an_experiment(said, refused):
    for verb in ("run", "check"):
        found = said(verb)
        assert "\n  tiny" in found and "\n  localization " in found and "\n  optimizer " in found
    found = refused("run", "nothing")
    assert "bakeoff: no experiment 'nothing' in" in found and "bakeoff:   localization  " in found


def test_what_info_took_is_given_back():
    given = parsed("tiny", "--info", "seed=3")
    assert hydra_options.experiment_and_overrides(given) == ("tiny", ["seed=3"])
    assert given.info == "all"
    given = parsed("--info", "searchpath", "tiny")
    assert hydra_options.experiment_and_overrides(given) == ("tiny", [])
    assert given.info == "searchpath"
    with pytest.raises(BakeoffError, match="expected one experiment"):
        hydra_options.experiment_and_overrides(parsed("a", "b"))


def test_errors_link_to_the_documentation_of_the_installed_version(refused):
    assert "https://hydra.cc/docs/1.3/advanced/override_grammar" in refused("run", "tiny", "seed=[")
