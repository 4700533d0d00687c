"""The norm of the gradients, and when it is taken."""

from types import SimpleNamespace

import torch
from torch import nn

from bakeoff.run.hooks.watch import Watch, gradient_norm
from bakeoff.run.parts.event_log import EPOCH_SECONDS, GRADIENT_NORM


def module_with_gradient(*values: float) -> nn.Module:
    module = nn.Linear(2, 1)
    module.weight.grad = torch.tensor([values])  # the bias has none
    return module


def test_the_norm_is_that_of_all_gradients():
    assert gradient_norm(module_with_gradient(3.0, 4.0)) == 5.0
    assert gradient_norm(nn.Linear(2, 1)) == 0.0


def test_an_epoch_averages_the_norms_of_some_steps():
    logged, clock = [], SimpleNamespace(seconds=0.0)
    watch = Watch(clock)
    for epoch in range(2):
        for step in range(5):
            trainer = SimpleNamespace(
                global_step=5 * epoch + step, log_every_n_steps=3, is_last_batch=step == 4
            )
            gradient = 5.0 * epoch + step
            watch.on_before_optimizer_step(trainer, module_with_gradient(gradient, 0.0), None)
        clock.seconds += 2.0 + epoch
        watch.on_train_epoch_end(trainer, SimpleNamespace(log_dict=logged.append))
    assert [found[GRADIENT_NORM] for found in logged] == [(2 + 4) / 2, (5 + 8 + 9) / 3]
    assert [found[EPOCH_SECONDS] for found in logged] == [2.0, 3.0]


def test_an_epoch_goes_on_with_its_norms_and_seconds():
    clock, logged = SimpleNamespace(seconds=3.0), []
    trainer = SimpleNamespace(global_step=0, log_every_n_steps=1, is_last_batch=False)
    before = Watch(clock)
    module = SimpleNamespace(device="cpu", log_dict=logged.append)
    before.on_train_start(trainer, module)
    clock.seconds = 5.0
    before.on_before_optimizer_step(trainer, module_with_gradient(2.0, 0.0), None)
    clock = SimpleNamespace(seconds=5.0)  # as the checkpoint has it
    after = Watch(clock)
    after.load_state_dict(before.state_dict())
    after.on_train_start(trainer, module)
    after.on_before_optimizer_step(trainer, module_with_gradient(4.0, 0.0), None)
    clock.seconds = 6.0
    after.on_train_epoch_end(trainer, module)
    assert logged == [{GRADIENT_NORM: 3.0, EPOCH_SECONDS: 3.0}]
