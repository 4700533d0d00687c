"""Jobs are composed once for each choice of groups, and what they name is looked at."""

import pytest
from tests.sweep.composed_jobs import composed

from bakeoff.gate import gate
from bakeoff.sweep.compose import compose_jobs as module
from bakeoff.sweep.compose.compose import Composer


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
