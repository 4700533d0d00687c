"""Which runs may train together."""

import pytest
from omegaconf import OmegaConf

from bakeoff.fused.grouping import MOST, groups

BASE = """
experiment: test
seed: 0
threads: 1
data_dir: outputs/data
data: {_target_: a.Data, fold: "${seed}", batch_size: 32}
model: {_target_: a.Net, hidden: [8]}
optimizer: {_target_: a.Optimizer, lr: 0.1}
scheduler: null
trainer: {_target_: a.Trainer, max_epochs: 3, precision: 32-true}
task: {name: t}
hydra: {job: {name: '???'}}
"""


def config(*changes):
    made = OmegaConf.create(BASE.replace('"${seed}"', "0"))
    made.merge_with_dotlist(list(changes))
    return resolved(made)


def resolved(config):
    """The sections of a config, without Hydra's."""
    parts = OmegaConf.masked_copy(config, [name for name in config if name != "hydra"])
    return OmegaConf.to_container(parts, resolve=True)


def test_seeds_optimizers_schedules_and_epochs_may_differ():
    configs = [
        config("seed=1"), config("optimizer.lr=0.2"), config("optimizer._target_=a.Other"),
        config("trainer.max_epochs=9", "trainer.gradient_clip_val=1"), config("scheduler.a=1"),
    ]  # fmt: skip
    assert groups(configs, places=1) == [[0, 1, 2, 3, 4]]


@pytest.mark.parametrize(
    "change", ["model.hidden=[9]", "data.batch_size=8", "trainer.precision=64-true", "threads=2"]
)
def test_net_data_precision_and_threads_may_not(change):
    assert groups([config(), config(change), config("seed=2")], places=1) == [[0, 2], [1]]


def test_what_is_interpolated_counts_by_its_value():
    own = [OmegaConf.create(BASE), OmegaConf.create(BASE)]
    own[1].seed = 1
    assert groups(list(map(resolved, own)), places=1) == [[0], [1]]


def test_a_group_is_divided_among_the_places():
    configs = [config(f"seed={seed}") for seed in range(5)]
    assert groups(configs, places=2) == [[0, 2, 4], [1, 3]]
    assert groups(configs[:3], places=4) == [[0, 1, 2]]  # no process for a single run
    assert groups(configs[:1], places=4) == [[0]]


def test_groups_are_not_larger_than_memory_allows():
    configs = [config(f"seed={seed}") for seed in range(MOST + 1)]
    assert [len(group) for group in groups(configs, places=1)] == [33, 32]
