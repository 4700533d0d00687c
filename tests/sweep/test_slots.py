"""Places of jobs: cores and GPUs, of a machine that is made up."""

import pytest
from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.sweep.slots import Slot, Slots, cpu_places, gpus_of, group_places


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
    taken = [slots.take(gpus=1), slots.take(gpus=0)]
    assert taken == [Slot(), Slot()] and slots.take(0) is None
    slots.free(taken[0])
    assert slots.take(0) == Slot()
    assert slots.environment(Slot()) == {}


def test_a_job_has_its_gpu_for_itself_and_jobs_on_the_processor_see_none():
    slots = Slots(1, ["3", "5"])
    first, second = slots.take(1), slots.take(1)
    assert (first.gpus, second.gpus, slots.take(1)) == (("3",), ("5",), None)
    assert slots.environment(second) == {"CUDA_VISIBLE_DEVICES": "5"}
    on_cpu = slots.take(0)
    assert slots.environment(on_cpu) == {"CUDA_VISIBLE_DEVICES": ""}
    assert slots.take(0) is None
    slots.free(first)
    assert slots.take(1).gpus == ("3",)


def test_jobs_share_gpus_evenly():
    slots = Slots(1, ["0", "1"], jobs_per_gpu=2)
    assert [slots.take(1).gpus for _ in range(4)] == [("0",), ("1",), ("0",), ("1",)]
    assert slots.take(1) is None


def test_a_job_alone_waits_for_an_empty_gpu_and_keeps_others_away():
    slots = Slots(1, ["0"], jobs_per_gpu=2)
    other = slots.take(1)
    assert slots.take(1, alone=True) is None
    slots.free(other)
    alone = slots.take(1, alone=True)
    assert alone == Slot(("0",), alone=True)
    assert slots.take(1) is None
    slots.free(alone)
    assert slots.take(1) is not None


def test_a_job_that_wants_more_gpus_than_there_are_gets_all():
    slots = Slots(1, ["0", "1"])
    assert slots.take(8).gpus == ("0", "1")
    assert slots.take(1) is None


@pytest.mark.parametrize("gpus", [[], ["0"]])
def test_a_number_of_jobs_that_is_given_counts(gpus):
    slots = Slots(1, gpus, n_jobs=3)
    assert None not in [slots.take(len(gpus)) for _ in range(3)]
    assert slots.take(len(gpus)) is None


def test_numbers_below_one_are_refused():
    with pytest.raises(BakeoffError, match="n_jobs=0: expected 1 or more, or null"):
        Slots(1, [], n_jobs=0)
    with pytest.raises(BakeoffError, match=r"jobs_per_gpu=0: expected 1 or more$"):
        Slots(1, [], jobs_per_gpu=0)


@pytest.mark.parametrize(
    ("trainer", "there", "expected"),
    [
        ({"accelerator": "auto", "devices": 1}, 4, 1),
        ({"accelerator": "auto", "devices": 1}, 0, 0),
        ({"accelerator": "cpu", "devices": 1}, 4, 0),
        ({"accelerator": "gpu", "devices": 2}, 4, 2),
        ({"accelerator": "gpu", "devices": "2"}, 4, 2),
        ({"accelerator": "gpu", "devices": -1}, 4, 4),
        ({"accelerator": "gpu", "devices": "auto"}, 4, 4),
        ({"accelerator": "gpu", "devices": [0, 3]}, 4, 2),
        ({"accelerator": "gpu", "devices": 8}, 4, 4),
        ({}, 2, 2),
        (None, 2, 0),
    ],
)
def test_what_a_trainer_takes(trainer, there, expected):
    assert gpus_of(OmegaConf.create({"trainer": trainer}), there) == expected


@pytest.mark.parametrize(
    ("trainer", "gpus", "expected"),
    [
        ({"accelerator": "gpu", "devices": 1}, ["0", "1", "2"], 3),
        ({"accelerator": "gpu", "devices": 2}, ["0", "1", "2"], 1),
        ({"accelerator": "gpu", "devices": 1}, [], cpu_places([{}])),
        ({"accelerator": "cpu"}, ["0", "1", "2"], cpu_places([{}])),
    ],
)
def test_runs_that_train_together_have_a_place_on_each_gpu_or_the_cores(trainer, gpus, expected):
    assert group_places([{"trainer": trainer}] * 5, gpus) == expected
