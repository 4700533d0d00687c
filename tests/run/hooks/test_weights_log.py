"""Filters as a picture, and histograms where they are asked for."""

from types import SimpleNamespace

import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from torch import nn

from bakeoff.run.hooks.weights_log import GAP, SCALE, WeightsLog, filter_grid, first_filters
from bakeoff.run.parts.event_log import EventLog


def test_the_first_convolution_is_found_whatever_comes_before():
    net = nn.Sequential(nn.Linear(2, 2), nn.Conv2d(1, 3, 1), nn.Conv2d(3, 5, 3), nn.Conv2d(5, 7, 3))
    assert first_filters(net).shape == (5, 3, 3, 3)
    assert first_filters(nn.Linear(2, 2)) is None


def test_the_least_weight_is_black_and_the_greatest_white():
    weights = torch.tensor([[[[-1.0, 3.0], [1.0, -1.0]]]])
    picture = filter_grid(weights)
    assert picture.shape == ((2 + GAP) * SCALE, 8 * (2 + GAP) * SCALE, 3)
    levels = picture[::SCALE, ::SCALE, 0][:2, :2]
    assert levels.tolist() == [[0, 255], [128, 0]]


def test_a_net_that_diverged_or_has_equal_weights_is_drawn():
    assert filter_grid(torch.full((9, 2, 3, 3), torch.nan)).shape[0] == 2 * (3 + GAP) * SCALE
    assert filter_grid(torch.ones(1, 3, 2, 2))[0, 0].tolist() == [0, 0, 0]


@pytest.mark.parametrize("histograms", [False, True])
def test_histograms_are_written_only_where_they_are_asked_for(tmp_path, histograms):
    net = nn.Conv2d(1, 2, 3)
    net.weight.grad = torch.ones_like(net.weight)
    log = EventLog(tmp_path, "mlp seed=0")
    callback = WeightsLog(log, histograms)
    for epoch in range(60):
        trainer = SimpleNamespace(
            sanity_checking=False, current_epoch=epoch, max_epochs=60, global_step=epoch,
            is_last_batch=epoch > 0,
        )  # fmt: skip
        callback.on_before_optimizer_step(trainer, net, None)
        callback.on_validation_end(trainer, net)
    log.finalize("success")
    tags = EventAccumulator(log.log_dir, {"images": 0, "histograms": 0}).Reload()
    assert [picture.step for picture in tags.Images("filters")] == [*range(0, 60, 3), 59]
    expected = ["gradients/weight", "weights/bias", "weights/weight"] if histograms else []
    assert sorted(tags.Tags()["histograms"]) == expected
    if histograms:
        assert tags.Histograms("gradients/weight")[0].step == 1
