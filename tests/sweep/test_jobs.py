"""Jobs are what Hydra composes for them."""

import pytest
from hydra.core.override_parser.types import Override
from hydra.types import RunMode
from omegaconf import OmegaConf

from bakeoff.run import gate
from bakeoff.store import paths
from bakeoff.sweep import jobs as module
from bakeoff.sweep.compose import Composer, config_loader
from bakeoff.sweep.jobs import compose_jobs

LOCALIZATION = paths.experiment_dir("localization")


def composed(*lines: str):
    """The jobs, their mistakes, and the composer that made them, with its overrides."""
    with config_loader(LOCALIZATION) as loader:
        composer = Composer(loader, "localization", lines)
        given: list[Override] = composer.parse(lines)
        return (*compose_jobs(given, composer), composer)


@pytest.mark.parametrize(
    "lines",
    [
        ["seed=4"],
        ["model=lenet5/deep,mlp/standard", "optimizer.lr=1e-3,3e-3", "hydra.launcher.n_jobs=3"],
        ["optimizer=sgd", "~scheduler", "+trainer.limit_val_batches=2", "~optimizer.nesterov"],
        ["model.dense=[4,5]", "++loss.weights={box: 3.0, more: 1}", "data.seed=${seed}"],
        ["hydra/launcher=basic", "hydra.job.config.override_dirname.exclude_keys=[seed]", "seed=1"],
        ["+own.extra.deep=[1,{a: b}]", "task=detection", "regularization=dropout"],
    ],
)
def test_a_job_is_what_hydra_composes_for_its_overrides(lines):
    jobs, mistakes, composer = composed(*lines)
    assert mistakes == []
    settings = [o.input_line for o in composer.parse(lines) if o.is_hydra_override()]
    for job in jobs:
        theirs = composer.compose([*settings, *job.overrides], RunMode.RUN)
        assert OmegaConf.to_container(job.config) == OmegaConf.to_container(theirs)


def test_hydra_composes_once_for_each_choice_of_groups(monkeypatch):
    compose, asked = Composer.compose, []
    monkeypatch.setattr(
        Composer, "compose", lambda self, *words: asked.append(words) or compose(self, *words)
    )
    jobs, _, _ = composed("model=lenet5/deep,mlp/deep", "optimizer.lr=1e-3,2e-3", "seed=range(5)")
    assert (len(jobs), len(asked)) == (20, 2)


def test_what_is_wrong_is_left_out_and_said_once():
    jobs, mistakes, _ = composed("optimizer.lr=fast", "seed=range(3)", "model=lenet5/deep,mlp/deep")
    assert mistakes == ["optimizer.lr=fast: expected a number, as in optimizer.lr=0.005"]
    assert [job.config.optimizer.lr for job in jobs] == [0.005] * 6


def test_a_choice_that_cannot_be_composed_costs_its_own_jobs_only():
    jobs, mistakes, _ = composed("model=lenet5/deep,no/such", "seed=range(2)")
    assert [job.overrides[0] for job in jobs] == ["model=lenet5/deep"] * 2
    assert len(mistakes) == 1 and "Could not find 'model/no/such'" in mistakes[0]


def test_jobs_of_the_same_settings_are_the_same_run():
    jobs, _, _ = composed("optimizer.lr=0.5,0.50,0.6", "data_dir=elsewhere")
    first, same, other = (job.settings for job in jobs)
    assert first == same != other


def test_where_a_value_is_missing_nothing_is_said_of_the_settings():
    missing = ["data=localization/idx", "+own=${data.folder}"]
    for lines in (missing, ["+own=${hydra.job.num}"]):
        [job], mistakes, _ = composed(*lines)
        assert mistakes == [] and job.settings is None


@pytest.mark.parametrize("seeds", ["0", "0,1"])
def test_a_job_is_pinned_in_whatever_is_asked_of_it(seeds, sweeps, tmp_path):
    (tmp_path / "start").mkdir()
    start = "# @package _global_\ninit_from: embedding/latest\n"
    (tmp_path / "start" / "mine.yaml").write_text(start)
    jobs, _, _ = composed(f"hydra.searchpath=[file://{tmp_path}]", "+start=mine", f"seed={seeds}")
    pinned = "embedding/2026-01-01"
    for job in jobs[::-1]:
        assert job.overrides[-1] == f"init_from={pinned}"
        assert job.sections["init_from"] == job.config.init_from == pinned
        assert f"init_from: {pinned}\n" in job.text


def test_a_config_is_a_copy_of_its_own():
    [job], _, _ = composed("seed=4")
    job.config.seed = 5
    assert job.config.seed == 4


def test_names_are_looked_at_once_for_jobs_that_differ_in_numbers(monkeypatch):
    asked = []
    monkeypatch.setattr(module, "look", lambda *a: asked.append(a) or gate.look(*a))
    jobs, mistakes, _ = composed("model=lenet5/deep,mlp/deep", "optimizer.lr=1e-3,2e-3", "seed=0,1")
    assert (len(jobs), mistakes, len(asked)) == (8, [], 2)
    assert jobs[0].names == jobs[1].names != jobs[-1].names


@pytest.mark.parametrize(
    "lines",
    [
        ["+k=1,2", "+extra._target_=shutil.net${k}"],
        ["+k=a,b", "+names={a: shutil.net1, b: shutil.net2}", "+e._target_='${names.${k}}'"],
        ["+extra._target_=shutil.net1,shutil.net2"],
    ],
)
def test_a_name_that_a_value_decides_is_looked_at_in_each_job(lines):
    jobs, mistakes, _ = composed(*lines)
    assert jobs == []
    assert all(f"'shutil.net{k}'" in "\n".join(mistakes) for k in (1, 2))


def test_a_number_is_no_secret_unless_its_key_says_so():
    jobs, mistakes, _ = composed("+own_token=1,2", "seed=0")
    assert jobs == [] and any("a secret is never written" in line for line in mistakes)
