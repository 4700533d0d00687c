"""The trainer's settings in the words of a run."""

from pathlib import Path

import pytest
from omegaconf import OmegaConf
from pytorch_lightning.plugins.environments import LightningEnvironment
from pytorch_lightning.profilers import SimpleProfiler

from bakeoff.run.parts.trainer import build_loggers, build_tester, build_trainer, translated

TRAINER = {
    "_target_": "pytorch_lightning.Trainer",
    "max_epochs": 5,
    "accelerator": "cpu",
    "devices": 1,
}


def config(**settings):
    return OmegaConf.create({"trainer": {**TRAINER, **settings}})


def test_a_development_run_is_one_short_epoch(tmp_path):
    assert translated({"max_epochs": 5, "fast_dev_run": True}, tmp_path) == {
        "max_epochs": 1,
        "limit_train_batches": 1,
        "limit_val_batches": 1,
    }
    assert translated({"fast_dev_run": 3}, tmp_path)["limit_val_batches"] == 3
    assert translated({"max_epochs": 5, "fast_dev_run": False}, tmp_path) == {"max_epochs": 5}


def test_overfitting_limits_the_batches(tmp_path):
    found = translated({"overfit_batches": 0.1}, tmp_path)
    assert found == {"limit_train_batches": 0.1, "limit_val_batches": 0.1}


def test_a_profile_is_written_where_the_run_is(tmp_path):
    profiler = translated({"profiler": "simple"}, tmp_path)["profiler"]
    assert isinstance(profiler, SimpleProfiler)
    assert (Path(profiler.dirpath), profiler.filename) == (tmp_path, "profile")


def test_settings_of_the_user_stand_before_those_of_a_run(tmp_path):
    made = build_trainer(config(num_sanity_val_steps=2), tmp_path, [], [], show_progress=False)
    assert (made.num_sanity_val_steps, made.max_epochs) == (2, 5)
    assert made.default_root_dir == str(tmp_path)


def test_a_test_sees_all_data_whatever_the_limits_of_the_training():
    made = build_tester(config(limit_test_batches=1, fast_dev_run=True, overfit_batches=1), [])
    assert (made.limit_test_batches, made.fast_dev_run, made.overfit_batches) == (1.0, False, 0.0)


def test_a_logger_without_a_folder_gets_that_of_the_run(tmp_path):
    node = {"_target_": "pytorch_lightning.loggers.CSVLogger"}
    for given in (node, [node], {"csv": node}):
        [logger] = build_loggers(config(logger=given), tmp_path)
        assert logger.save_dir == str(tmp_path)
    [logger] = build_loggers(config(logger={**node, "save_dir": "elsewhere"}), tmp_path)
    assert logger.save_dir == "elsewhere"


@pytest.mark.parametrize("build", [build_tester, build_trainer])
def test_within_a_job_of_slurm_a_run_starts_its_processes_itself(tmp_path, monkeypatch, build):
    (tmp_path / "srun").touch(mode=0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    for name, value in {"NTASKS": "4", "JOB_NAME": "sweep", "JOB_ID": "7", "PROCID": "0"}.items():
        monkeypatch.setenv(f"SLURM_{name}", value)
    rest = (
        {}
        if build is build_tester
        else {"run_dir": tmp_path, "loggers": [], "show_progress": False}
    )
    for settings in ({}, {"devices": 2, "num_nodes": 1}):
        made = build(config(**settings), callbacks=[], **rest)
        found = made._accelerator_connector.cluster_environment
        assert isinstance(found, LightningEnvironment) and not found.creates_processes_externally
