"""Runs that have checkpoints and begin anew, and modules that trained completed ones, when they changed."""

from dataclasses import replace

import pytest
from omegaconf import OmegaConf

from bakeoff.identity import code_digest
from bakeoff.identity.code_digest import code_of
from bakeoff.store.record import Metric, RunRecord
from bakeoff.sweep.experiment import plan_experiment
from bakeoff.sweep.identities import identities
from bakeoff.sweep.starting_over import changed_since, starting_over


@pytest.fixture(scope="module")
def planned():
    return plan_experiment("localization", ["model=lenet5/shallow", "seed=0,1"])


# Whether the identities know the code already.
@pytest.mark.parametrize("looked_for", [True, False])
def test_only_runs_that_would_go_on_with_other_code_start_over(tmp_path, planned, looked_for):
    same = planned.jobs[1]
    known = [
        replace(one, code=one.code if looked_for else None) for one in identities(planned.jobs)
    ]
    metric = Metric("performance", "max")
    ids = [one.run for one in known]
    for id_, code in zip(ids, ("that of another day", code_of(same.config).digest()), strict=True):
        (tmp_path / id_).mkdir()
        run = RunRecord(id_, "failed", "x", "x", "c", [], 0, metric, code=code)
        run.write(tmp_path / id_)
    # Nothing is lost without a checkpoint.
    assert starting_over(tmp_path, planned.jobs, known) == []
    for id_ in ids:
        (tmp_path / id_ / "checkpoints").mkdir()
        (tmp_path / id_ / "checkpoints" / "last.ckpt").touch()
    assert starting_over(tmp_path, planned.jobs, known) == ids[:1]
    replace(run, id=ids[0], status="diverged", code="x").write(tmp_path / ids[0])
    assert starting_over(tmp_path, planned.jobs, known) == []  # it has to


def test_a_module_that_completed_runs_were_trained_by_and_that_changed_is_named(
    tmp_path, monkeypatch
):
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("kept_net", "edited_net"):
        (tmp_path / f"{name}.py").write_text("")
    code_digest._sources.cache_clear()
    config = {"model": {"_target_": "kept_net.Net"}, "loss": {"_target_": "edited_net.Loss"}}
    modules = code_of(OmegaConf.create(config)).users()
    assert set(modules) == {"kept_net", "edited_net"}
    run = RunRecord("a", "completed", "x", "x", "c", [], 0, Metric("m", "max"), modules=modules)
    assert changed_since([run]) == []
    (tmp_path / "edited_net.py").write_text("edited = True\n")
    assert changed_since([run]) == ["edited_net"]
    assert changed_since([replace(run, status="interrupted")]) == []
    (tmp_path / "edited_net.py").unlink()
    code_digest._sources.cache_clear()
    assert changed_since([run]) == ["edited_net"]


def test_a_package_that_completed_runs_were_trained_with_is_named_with_both_versions():
    run = RunRecord("a", "completed", "x", "x", "c", [], 0, Metric("m", "max"))
    known = code_of(OmegaConf.create({"model": {"_target_": "torch.nn.Linear"}})).packages
    assert {"torch", "python"} <= set(known)
    run.packages = dict(known)
    assert changed_since([run]) == []
    run.packages = known | {"torch": "0.1", "never_installed": "7"}
    assert changed_since([run]) == [
        "never-installed (7, now not installed)",
        f"torch (0.1, now {known['torch']})",
    ]
    assert changed_since([replace(run, status="failed")]) == []
