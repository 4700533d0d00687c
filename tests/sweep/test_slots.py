"""Places of jobs: cores and GPUs, of a machine that is made up."""

import pytest
from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.sweep.slots import Slot, Slots, cpu_places, group_places, wants_gpu


@pytest.mark.parametrize(
    ("cores", "threads", "expected"),
    [
        (8, [1], 8),
        (8, [3], 2),
        (8, [1, 4], 2),
        (2, [4], 1),
        (1, [1], 1),
        (4, [None], 4),
        (4, [0], 4),
    ],
)
def test_the_places_are_the_cores_by_the_threads_of_a_job(cores, threads, expected):
    configs = [OmegaConf.create({} if n is None else {"threads": n}) for n in threads]
    assert cpu_places(configs, cores) == expected


def test_without_gpus_the_cores_are_the_places():
    slots = Slots(2, [])
    taken = [slots.take(on_gpu=True), slots.take(on_gpu=False)]
    assert taken == [Slot(), Slot()] and slots.take(on_gpu=False) is None
    slots.free(taken[0])
    assert slots.take(on_gpu=False) == Slot()
    assert slots.environment(Slot()) == {}


def test_a_job_has_its_gpu_for_itself_and_jobs_on_the_processor_see_none():
    slots = Slots(1, ["3", "5"])
    first, second = slots.take(on_gpu=True), slots.take(on_gpu=True)
    assert (first.gpu, second.gpu, slots.take(on_gpu=True)) == ("3", "5", None)
    assert slots.environment(second) == {"CUDA_VISIBLE_DEVICES": "5"}
    on_cpu = slots.take(on_gpu=False)
    assert slots.environment(on_cpu) == {"CUDA_VISIBLE_DEVICES": ""}
    assert slots.take(on_gpu=False) is None
    slots.free(first)
    assert slots.take(on_gpu=True).gpu == "3"


def test_jobs_share_gpus_evenly():
    slots = Slots(1, ["0", "1"], jobs_per_gpu=2)
    assert [slots.take(on_gpu=True).gpu for _ in range(4)] == ["0", "1", "0", "1"]
    assert slots.take(on_gpu=True) is None


def test_a_job_alone_waits_for_an_empty_gpu_and_keeps_others_away():
    slots = Slots(1, ["0"], jobs_per_gpu=2)
    other = slots.take(on_gpu=True)
    assert slots.take(on_gpu=True, alone=True) is None
    slots.free(other)
    alone = slots.take(on_gpu=True, alone=True)
    assert alone == Slot("0", alone=True)
    assert slots.take(on_gpu=True) is None
    slots.free(alone)
    assert slots.take(on_gpu=True) is not None


@pytest.mark.parametrize("gpus", [[], ["0"]])
def test_a_number_of_jobs_that_is_given_counts(gpus):
    slots = Slots(1, gpus, n_jobs=3)
    assert None not in [slots.take(bool(gpus)) for _ in range(3)]
    assert slots.take(bool(gpus)) is None


def test_numbers_below_one_are_refused():
    with pytest.raises(BakeoffError, match="n_jobs=0: expected 1 or more, or null"):
        Slots(1, [], n_jobs=0)
    with pytest.raises(BakeoffError, match=r"jobs_per_gpu=0: expected 1 or more$"):
        Slots(1, [], jobs_per_gpu=0)


@pytest.mark.parametrize(
    ("trainer", "expected"),
    [
        ({"accelerator": "auto", "devices": 1}, True),
        ({"accelerator": "gpu"}, True),
        ({"accelerator": "cuda"}, True),
        ({"accelerator": "cpu", "devices": 1}, False),
        ({"accelerator": "mps"}, False),
        ({}, True),
        (None, False),
    ],
)
def test_which_trainers_take_a_gpu(trainer, expected):
    assert wants_gpu(OmegaConf.create({"trainer": trainer})) == expected


@pytest.mark.parametrize(
    ("trainer", "gpus", "expected"),
    [
        ({"accelerator": "gpu"}, ["0", "1", "2"], 3),
        ({"accelerator": "gpu"}, [], cpu_places([{}])),
        ({"accelerator": "cpu"}, ["0", "1", "2"], cpu_places([{}])),
    ],
)
def test_runs_that_train_together_have_a_place_on_each_gpu_or_the_cores(trainer, gpus, expected):
    assert group_places([{"trainer": trainer}] * 5, gpus) == expected
