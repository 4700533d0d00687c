"""Runs that differ in what can be stacked, trained as one."""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytorch_lightning as pl

from bakeoff.fused.device_data import DeviceData
from bakeoff.fused.epoch import StackedTraining
from bakeoff.fused.member import Member
from bakeoff.fused.refusal import refusals
from bakeoff.fused.train_alone import TrainAloneError
from bakeoff.fused.turns import Shared, Turn
from bakeoff.gate.error_text import first_line
from bakeoff.run.hooks.interruption import InterruptedRunError, Interruption
from bakeoff.run.hooks.random_states import set_torch_states, torch_states
from bakeoff.run.parts.supervised import Supervised

Adapt = Callable[[pl.Trainer, Supervised], None]
Run = Callable[[Adapt], Any]  # trains, and calls what it gets when trainer and module are made
RANDOM: Sequence[Shared] = (
    (random.getstate, random.setstate),
    (np.random.get_state, np.random.set_state),
    (torch_states, set_torch_states),
)


def run_together(
    runs: Sequence[Run],
    shared: Sequence[Shared] = (),
    must_pay: bool = True,
    asked: Interruption | None = None,
) -> list[Turn]:
    """Let each of `runs` go its own way, but train their epochs as one; each has ended when this returns.

    `shared` are states of the process that each run sets for itself, beside those of random generators.
    What `asked` asks to end while epochs are trained ends at the end of the epoch, with its checkpoints.
    Raises TrainAloneError, with the runs interrupted before their first epoch, where they cannot be
    stacked, or where that would be slower and it `must_pay`.
    """
    members: dict[Turn, Member] = {}
    turns = [_begin(run, members, [*RANDOM, *shared]) for run in runs]
    try:
        going = []
        for turn in turns:
            if turn.go_on():
                going.append(turn)
                _refuse(list(refusals(members[turn].trainer, members[turn].module)))
                members[turn].join()
        going = [turn for turn in going if turn.go_on()]
        _train(going, members, must_pay, asked)
    except BaseException as error:
        ending = error
        if isinstance(error, TrainAloneError):
            ending = InterruptedRunError(f"the choice to train alone ({error})")
        for turn in turns:
            while not turn.ended:
                turn.go_on(ending)
        raise
    return turns


def _train(
    going: Sequence[Turn],
    members: Mapping[Turn, Member],
    must_pay: bool,
    asked: Interruption | None,
) -> None:
    """Train and evaluate the members as they ask for it, until all have ended."""
    trained: Sequence[Turn] = []
    data: DeviceData | None = None
    while going:
        own = [members[turn] for turn in going]
        data = data or DeviceData(own[0].trainer.strategy.root_device)
        if going != trained:
            training = StackedTraining(own, data) if trained else _first(own, data, must_pay)
            trained = going
        if asked is not None:
            asked.deferred = True  # an epoch that is cut short would be lost
            if asked.reason is not None:
                for member in own:
                    member.ask_to_end(asked.reason)
        asking = [turn for turn in going if members[turn].asked is not None]
        if asking:
            training.evaluate([members[turn] for turn in asking])
        else:
            training.epoch()
        ended = {turn for turn in asking or going if not turn.go_on()}
        going = [turn for turn in going if turn not in ended]


def _first(members: Sequence[Member], data: DeviceData, must_pay: bool) -> StackedTraining:
    """The training of all members. Raises TrainAloneError."""
    try:
        training = StackedTraining(members, data)
    except Exception as error:  # nets, losses and optimizers are anyone's code
        raise TrainAloneError(f"the runs cannot be stacked ({first_line(error)})") from error
    _refuse(training.refusals(must_pay))
    return training


def _refuse(reasons: Sequence[str]) -> None:
    if reasons:
        raise TrainAloneError("; ".join(reasons))


def _begin(run: Run, members: dict[Turn, Member], shared: Sequence[Shared]) -> Turn:
    def adapt(trainer: pl.Trainer, module: Supervised) -> None:
        members[turn] = Member(trainer, module, turn.wait)
        turn.wait()

    turn = Turn(lambda: run(adapt), shared)
    return turn
