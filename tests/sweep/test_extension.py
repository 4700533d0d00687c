"""What overrides add to a planned sweep."""

from dataclasses import replace

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.sweep.experiment import plan_experiment
from bakeoff.sweep.extension import extended, with_finalists
from bakeoff.sweep.identities import identities, plan_file
from bakeoff.sweep.remaining import plan_of

TYPED = ["model=lenet5/deep,lenet5/shallow", "optimizer.lr=2e-3", "seed=0,1"]


def planned(*typed):
    plan = plan_experiment("localization", typed)
    return plan_file(plan, identities(plan.jobs))


@pytest.fixture(scope="module")
def plan():
    return planned(*TYPED)


def unnamed(job):
    return replace(job, candidate="")


def added(before, after):
    """The overrides of the new jobs; the old ones are as they were but for names, and numbers go on."""
    count = len(before.jobs)
    assert [unnamed(job) for job in after.jobs[:count]] == [unnamed(job) for job in before.jobs]
    assert [job.number for job in after.jobs] == list(range(len(after.jobs)))
    return [" ".join(job.overrides) for job in after.jobs[count:]]


def test_a_model_is_added_with_the_other_values_and_seeds_of_the_sweep(plan):
    after = extended(plan, ["model=mlp/standard"])
    assert added(plan, after) == [
        "model=mlp/standard seed=0 optimizer.lr=0.002",
        "model=mlp/standard seed=1 optimizer.lr=0.002",
    ]
    assert {job.candidate for job in after.jobs} == {
        "lenet5/deep",
        "lenet5/shallow",
        "mlp/standard",
    }


def test_seeds_are_added_to_every_candidate_and_none_is_doubled(plan):
    after = extended(plan, ["seed=range(3)"])
    assert added(plan, after) == [
        "model=lenet5/deep seed=2 optimizer.lr=0.002",
        "model=lenet5/shallow seed=2 optimizer.lr=0.002",
    ]
    ids = {job.candidate: job.candidate_id for job in plan.jobs}
    assert all(job.candidate_id == ids[job.candidate] for job in after.jobs)


def test_what_is_added_is_what_a_sweep_of_all_would_have_planned(plan):
    """The second extension takes up the candidates of the first."""
    after = extended(extended(plan, ["model=mlp/standard"]), ["seed=range(3)"])
    whole = planned("model=lenet5/deep,lenet5/shallow,mlp/standard", TYPED[1], "seed=range(3)")
    assert {job.id: job.config for job in after.jobs} == {job.id: job.config for job in whole.jobs}
    assert after.extensions == ["model=mlp/standard", "'seed=range(3)'"]
    _, named = plan_of(after, after.jobs[-3:])
    assert [of.run for of in named] == [job.id for job in after.jobs[-3:]]


def test_several_overrides_are_combined_with_each_other(plan):
    after = extended(plan, ["model=mlp/standard", "optimizer.lr=1e-2,2e-2", "seed=7"])
    assert added(plan, after) == [
        "model=mlp/standard seed=7 optimizer.lr=0.01",
        "model=mlp/standard seed=7 optimizer.lr=0.02",
    ]


def test_only_the_candidates_that_are_named_get_seeds(plan):
    chosen = plan.jobs[0]
    after = extended(plan, ["seed=100,101"], candidates={chosen.candidate_id})
    assert [job.candidate_id for job in after.jobs[4:]] == [chosen.candidate_id] * 2
    assert [job.seed for job in after.jobs[4:]] == [100, 101]


def test_nothing_changes_where_every_run_is_there(plan):
    assert extended(plan, ["seed=range(2)"]) is plan
    assert extended(plan, ["optimizer.lr=0.0020"]) is plan


def test_candidates_are_renamed_where_their_names_no_longer_tell():
    plan = planned("model=lenet5/deep", "optimizer.lr=1e-3,2e-3", "seed=0")
    assert [job.candidate for job in plan.jobs] == ["optimizer.lr=0.001", "optimizer.lr=0.002"]
    after = extended(plan, ["model=mlp/standard"])
    names = [job.candidate for job in after.jobs]
    assert names == [
        f"{m} optimizer.lr=0.00{n}" for m in ("lenet5/deep", "mlp/standard") for n in (1, 2)
    ]
    assert len(added(plan, after)) == 2


def test_a_key_of_one_candidate_is_kept_by_its_new_seeds_only(plan):
    after = extended(plan, ["model=mlp/standard", "model.hidden=[9]"])
    again = extended(after, ["seed=5"])
    assert [" ".join(job.overrides) for job in again.jobs if job.seed == 5] == [
        "model=lenet5/deep seed=5 optimizer.lr=0.002",
        "model=lenet5/shallow seed=5 optimizer.lr=0.002",
        "model=mlp/standard seed=5 optimizer.lr=0.002 model.hidden=[9]",
    ]


def test_an_own_model_is_found_on_a_search_path_that_is_added(plan, tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "wide.yaml").write_text("defaults:\n  - lenet5/deep@_here_\ndense: [5]\n")
    after = extended(plan, [f"hydra.searchpath=[file://{tmp_path}]", "model=wide"])
    assert {job.candidate for job in after.jobs[4:]} == {"wide"}
    assert after.search_path == [f"file://{tmp_path}"]
    assert after.overrides == [f"hydra.searchpath=[file://{tmp_path}]", *TYPED]
    more = extended(after, [f"hydra.searchpath=[file://{tmp_path}/model]", "seed=9"])
    assert more.search_path == [f"file://{tmp_path}", f"file://{tmp_path}/model"]


def test_all_mistakes_are_said_at_once(plan):
    with pytest.raises(BakeoffError) as said:
        extended(plan, ["optimizer.lrr=3", "trainer.max_epochs=many"])
    assert "optimizer.lrr=3: no such key; did you mean 'optimizer.lr'" in str(said.value)
    assert "trainer.max_epochs=many: expected a whole number" in str(said.value)
    with pytest.raises(BakeoffError) as said:
        extended(plan, ["model=nope", "hydra.sweep.dir=x", "hydra.launcher.n_jobs=1,2"])
    assert "model=nope: no such option" in str(said.value)
    assert "hydra.sweep.dir=x: a sweep that is extended keeps its folder" in str(said.value)
    assert "hydra.launcher.n_jobs=1,2: expected one value" in str(said.value)


@pytest.mark.parametrize(
    "given", ["selection.margin=0.5", "+selection.finalists=2", "baselines=none"]
)
def test_how_a_sweep_selects_was_decided_before_its_results(plan, given):
    with pytest.raises(BakeoffError, match=r"keeps its selection and its baselines: leave it out$"):
        extended(plan, ["seed=9", given])


@pytest.mark.parametrize(
    "given", [[], ["hydra.launcher.n_jobs=1"], ["limits.fail_fast=true", "data_dir=x"]]
)
def test_something_to_add_must_be_said(plan, given):
    with pytest.raises(BakeoffError, match="nothing to add: expected overrides"):
        extended(plan, given)


def test_two_values_that_are_one_run_are_refused(plan):
    with pytest.raises(BakeoffError, match="two jobs are the same run"):
        extended(plan, ["optimizer.lr=0.5,0.50"])


def test_a_sweep_whose_runs_would_be_others_now_is_refused(plan):
    other = replace(plan.jobs[0], id="0" * 12)
    with pytest.raises(BakeoffError, match="run 000000000000 would be another run now"):
        extended(replace(plan, jobs=[other, *plan.jobs[1:]]), ["seed=4"])


def test_finalists_are_added_on_fresh_seeds_and_marked(plan):
    deep = next(job.candidate_id for job in plan.jobs if job.candidate == "lenet5/deep")
    after = with_finalists(plan, [deep], [5, 6])
    assert added(plan, after) == [
        "model=lenet5/deep seed=5 optimizer.lr=0.002",
        "model=lenet5/deep seed=6 optimizer.lr=0.002",
    ]
    assert [job.role for job in after.jobs] == ["", "", "", "", "finalist", "finalist"]
    assert after.extensions == []  # the sweep itself asks for them
    _, known = plan_of(after, after.jobs[4:])
    assert [identity.role for identity in known] == ["finalist", "finalist"]


def test_a_finalists_run_is_no_model_for_new_candidates(plan):
    deep = next(job.candidate_id for job in plan.jobs if job.candidate == "lenet5/deep")
    late = with_finalists(plan, [deep], [5, 6])
    assert added(late, extended(late, ["model=mlp/standard"])) == [
        "model=mlp/standard seed=0 optimizer.lr=0.002",
        "model=mlp/standard seed=1 optimizer.lr=0.002",
    ]


def test_a_finalists_run_that_is_asked_for_is_one_like_any_other(plan):
    deep = next(job.candidate_id for job in plan.jobs if job.candidate == "lenet5/deep")
    late = with_finalists(plan, [deep], [2, 3])
    after = extended(late, ["seed=range(3)"])
    assert {(job.candidate, job.seed): job.role for job in after.jobs[4:]} == {
        ("lenet5/deep", 2): "",
        ("lenet5/deep", 3): "finalist",
        ("lenet5/shallow", 2): "",
    }
