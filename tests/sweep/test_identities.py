"""Names and ids of a sweep's runs, and its `plan.json`."""

import pytest
from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.identity.run_id import candidate_id, run_id
from bakeoff.store import digest, paths
from bakeoff.sweep.identities import identities, plan_file
from bakeoff.sweep.plan import plan

LOCALIZATION = paths.experiment_dir("localization")


def test_names_are_short_and_one_for_each_candidate():
    planned = plan("localization", ["optimizer.lr=1e-3,3e-3", "++seed=7,8"], LOCALIZATION)
    found = identities(planned.jobs)
    names = {
        f"lenet5/{kind} optimizer.lr={lr}"
        for kind in ("shallow", "standard", "deep")
        for lr in (0.001, 0.003)
    }
    assert {of.name for of in found} == names
    assert len({of.candidate for of in found}) == 6 and len({of.run for of in found}) == 12
    for job, of in zip(planned.jobs, found, strict=True):
        assert (of.run, of.candidate) == (run_id(job.config), candidate_id(job.config))


def test_seeds_that_the_data_follow_are_one_candidate():
    planned = plan("localization", ["data.seed=${seed}", "seed=range(3)"], LOCALIZATION)
    found = identities(planned.jobs)
    assert len({of.candidate for of in found}) == len({of.name for of in found}) == 3


def test_folds_are_one_candidate():
    folder = paths.experiment_dir("regularization")
    overrides = ["data.folds=5", "data.fold=range(5)", "seed=0", "regularization=l1,l2"]
    planned = plan("regularization", [*overrides, "optimizer.lr=0.1"], folder)
    assert len({of.name for of in identities(planned.jobs)}) == 2 * 2


def folders(tmp_path, contents):
    for name, content in contents.items():
        (tmp_path / name).mkdir()
        for split in ("train", "val", "test"):
            (tmp_path / name / f"localization_{split}.pt").write_text(content)
    places = ",".join(str(tmp_path / name) for name in contents)
    overrides = ["data=localization/course", f"data.folder={places}", "model=lenet5/deep"]
    return plan("localization", [*overrides, "seed=0,1"], LOCALIZATION)


def test_two_folders_of_the_same_content_are_the_same_run(tmp_path):
    planned = folders(tmp_path, {"a": "same", "b": "same"})
    with pytest.raises(BakeoffError, match=r"two jobs are the same run.*/a and .*/b: leave one"):
        identities(planned.jobs)


def test_a_users_file_is_read_once_for_all_jobs(tmp_path, monkeypatch):
    planned, read = folders(tmp_path, {"a": "one", "b": "two"}), []
    once = digest.file_digest
    monkeypatch.setattr(digest, "file_digest", lambda path: read.append(path) or once(path))
    assert len(identities(planned.jobs)) == 4
    assert len(read) == len(set(read)) == 6


def test_the_plan_holds_what_was_asked_for_and_what_came_of_it(tmp_path):
    (tmp_path / "mine").mkdir()
    typed = [f"hydra.searchpath=[file://{tmp_path}/mine]", "++seed=4,5", "model=lenet5/deep"]
    planned = plan("localization", typed, LOCALIZATION)
    found = identities(planned.jobs)
    file = plan_file(planned, found)
    assert (file.experiment, file.config_name) == ("localization", "localization")
    assert file.config_dir == str(LOCALIZATION.resolve())
    assert file.search_path == [f"file://{tmp_path}/mine"]
    assert file.overrides == typed
    assert [(job.number, job.seed, job.overrides) for job in file.jobs] == [
        (0, 4, ["model=lenet5/deep", "++seed=4"]),
        (1, 5, ["model=lenet5/deep", "++seed=5"]),
    ]
    for job, of in zip(file.jobs, found, strict=True):
        assert (job.id, job.candidate, job.candidate_id) == (of.run, of.name, of.candidate)
        config = OmegaConf.create(job.config)
        assert "hydra" not in config and "${data_dir}" in job.config
        assert (run_id(config), config.seed) == (job.id, job.seed)
