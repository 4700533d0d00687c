"""The first step whose loss is not finite, whenever anyone asks."""

import pytest
import torch
from torch import tensor

from bakeoff.run.parts.divergence import AT_ONCE, NEVER, LossWatch

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("losses", "expected"),
    [
        ([], NEVER),
        ([1.0, 2.0], NEVER),
        ([1.0, NAN, 2.0, INF], 11),
        ([-INF], 10),
        ([1.0] * (AT_ONCE + 1) + [NAN], 10 + AT_ONCE + 1),
        ([NAN] + [1.0] * 3 * AT_ONCE, 10),
    ],
)
def test_the_first_bad_step(losses, expected):
    watch = LossWatch()
    for step, loss in enumerate(losses, start=10):
        watch.add(step, tensor(loss))
    assert int(watch.bad_step) == expected


def test_asking_within_changes_nothing_and_a_known_step_stays():
    watch = LossWatch(tensor(3))
    watch.add(7, tensor(NAN))
    assert int(watch.bad_step) == 3
    watch = LossWatch()
    for step in range(5):
        watch.add(step, tensor(NAN if step == 4 else 0.0))
        assert int(watch.bad_step) == (4 if step == 4 else NEVER)


def test_no_graph_is_kept():
    weight = torch.ones((), requires_grad=True)
    watch = LossWatch()
    watch.add(0, weight * 2)
    assert not watch.bad_step.requires_grad
    assert not any(loss.requires_grad for loss in watch._losses)
