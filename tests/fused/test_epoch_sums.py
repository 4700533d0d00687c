"""What an epoch of several members adds up."""

import math

import torch

from bakeoff.fused.epoch_sums import EpochSums


def test_means_are_weighted_by_samples_and_the_first_bad_batch_is_known():
    sums = EpochSums()
    assert sums.bad_batches() == []
    for samples, losses in (
        (3, [1.0, math.nan, 4.0]),
        (1, [5.0, 2.0, math.inf]),
        (2, [2.0, 1.0, 1.0]),
    ):
        loss = torch.tensor(losses)
        sums.add({"loss": loss, "penalty": 2 * loss}, samples)
    assert (sums.batches, sums.samples) == (3, 6)
    assert sums.means()["loss"][0] == (3 * 1 + 1 * 5 + 2 * 2) / 6
    assert sums.means()["penalty"][0] == 2 * sums.means()["loss"][0]
    assert sums.bad_batches() == [None, 0, 1]
