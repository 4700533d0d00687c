"""`plan.json`, written and read."""

import json

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.store import plan_file
from bakeoff.store.plan_file import PlanFile, PlannedJob

JOB = PlannedJob(
    number=0,
    id="a1",
    candidate="mlp",
    candidate_id="c1",
    seed=0,
    overrides=["model=mlp"],
    config="seed: 0\nrate: .inf\nnames: {0: a}\n",
)
PLAN = PlanFile(
    experiment="tiny",
    config_name="tiny",
    config_dir=None,
    search_path=["file://mine"],
    overrides=["model=mlp"],
    jobs=[JOB],
)


def test_what_was_written_is_read(tmp_path):
    PLAN.write(tmp_path)
    assert plan_file.read(tmp_path) == PLAN


def test_what_a_newer_version_adds_does_not_matter(tmp_path):
    PLAN.write(tmp_path)
    content = json.loads((tmp_path / "plan.json").read_text())
    content["more"] = content["jobs"][0]["more"] = 1
    (tmp_path / "plan.json").write_text(json.dumps(content))
    assert plan_file.read(tmp_path) == PLAN


def test_a_missing_and_a_damaged_plan_are_said(tmp_path):
    with pytest.raises(BakeoffError, match=r"cannot read .*plan.json: No such file"):
        plan_file.read(tmp_path)
    (tmp_path / "plan.json").write_text('{"experiment": ')
    with pytest.raises(BakeoffError, match=r"plan.json is damaged"):
        plan_file.read(tmp_path)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["overrides"], "model=mlp", "overrides is 'model=mlp', expected a list of texts"),
        (["overrides"], [1], r"overrides is \[1\], expected a list of texts"),
        (["config_dir"], 3, "config_dir is 3, expected a text or null"),
        (["jobs"], {}, r"jobs is \{\}, expected a list of objects"),
        (["jobs", 0, "number"], True, r"jobs\[0\]: number is True, expected a whole number"),
        (["jobs", 0, "id"], None, r"jobs\[0\]: id is None, expected a text"),
        (["jobs", 0], "x", r"jobs\[0\] is not a sweep's plan: expected an object, got 'x'"),
    ],
)
def test_a_value_of_another_kind_is_named(tmp_path, path, value, said):
    PLAN.write(tmp_path)
    content = json.loads((tmp_path / "plan.json").read_text())
    place = content
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    (tmp_path / "plan.json").write_text(json.dumps(content))
    with pytest.raises(BakeoffError, match=said):
        plan_file.read(tmp_path)


def test_a_missing_key_is_named(tmp_path):
    PLAN.write(tmp_path)
    content = json.loads((tmp_path / "plan.json").read_text())
    del content["jobs"][0]["candidate_id"]
    (tmp_path / "plan.json").write_text(json.dumps(content))
    with pytest.raises(BakeoffError, match=r"jobs\[0\] is not .*: expected the key 'candidate_id'"):
        plan_file.read(tmp_path)


def test_only_a_plan_of_this_user_is_trained(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    PLAN.write(tmp_path)
    PLAN.write(tmp_path)
    assert plan_file.read_own(tmp_path) == PLAN
    path = tmp_path / "plan.json"
    path.write_text(path.read_text().replace("seed: 0", "seed: 1"))
    with pytest.raises(BakeoffError, match=r"not written by you, or was changed since"):
        plan_file.read_own(tmp_path)
    plan_file.read(tmp_path).write(tmp_path)  # which does not make it this user's
    with pytest.raises(BakeoffError, match=r"begin the sweep anew"):
        plan_file.read_own(tmp_path)
