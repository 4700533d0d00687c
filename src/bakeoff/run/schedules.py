"""Learning-rate schedules that torch does not have."""

import math
from functools import partial

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

from bakeoff.errors import BakeoffError


def cosine_factor(step: int, total_steps: int, warm_up: float) -> float:
    """The factor of the learning rate at `step` of `total_steps`: up from near 0 to 1 in a straight line
    over the share `warm_up` of the steps, then down to 0 along half a cosine (Loshchilov & Hutter, 2017).
    """
    rising = round(warm_up * total_steps)
    if step < rising:
        return (step + 1) / (rising + 1)
    falling = max(1, total_steps - rising)
    return (1 + math.cos(math.pi * min(1.0, (step - rising) / falling))) / 2


def cosine_with_warm_up(optimizer: Optimizer, total_steps: int, warm_up: float) -> LambdaLR:
    """Scales the optimizer's learning rate by `cosine_factor` of each step.

    Raises BakeoffError where `warm_up` is no share.
    """
    if not 0 <= warm_up < 1:
        raise BakeoffError(f"scheduler.warm_up is {warm_up}: expected a share in [0, 1)")
    return LambdaLR(optimizer, partial(cosine_factor, total_steps=total_steps, warm_up=warm_up))
