"""Jobs are what Hydra composes for them."""

import pytest
from hydra.types import RunMode
from omegaconf import OmegaConf
from tests.sweep.composed_jobs import composed


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
