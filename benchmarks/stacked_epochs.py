"""The epochs of runs that train as one, timed."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from omegaconf import DictConfig
from one_run import train

from bakeoff.fused.epoch import StackedTraining
from bakeoff.fused.shared_data import SharedData
from bakeoff.fused.together import run_together


class Epoch(NamedTuple):
    """`seconds` of an epoch of all members, its steps, and the samples that all members have seen."""

    seconds: float
    steps: int
    samples: int


def stacked_epochs(configs: Sequence[DictConfig], clock: Callable[[], float]) -> list[Epoch]:
    """Train runs of these configs as one: the seconds by `clock` of all that happens for the batches of
    each epoch, validation and checkpoints left out. Raises what ended a run.
    """
    found = []
    usual = StackedTraining.epoch

    def epoch(self: StackedTraining) -> None:
        batches = [member.batches for member in self.members]
        samples = sum(len(batch) for own in batches for batch in own)
        began = clock()
        usual(self)
        found.append(Epoch(clock() - began, len(batches[0]), samples))

    data = SharedData()
    StackedTraining.epoch = epoch
    try:
        runs = [lambda adapt, own=own: train(own, adapt, data) for own in configs]
        turns = run_together(runs, must_pay=False)
    finally:
        StackedTraining.epoch = usual
    for turn in turns:
        if turn.error is not None:
            raise turn.error
    return found
