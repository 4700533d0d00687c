"""Weights are those that run.json speaks of, or none."""

import pytest
import torch

from bakeoff.errors import BakeoffError
from bakeoff.store import record
from bakeoff.store.checkpoint import checkpoint


def test_weights_are_read_and_checked(word_run):
    run = word_run("run", ["a"], torch.ones(2, 3))
    found = checkpoint(run, record.read(run))["state_dict"]
    assert torch.equal(found["net.embedding.weight"], torch.ones(2, 3))
    (run / "checkpoints" / "best.ckpt").unlink()
    with pytest.raises(BakeoffError, match=r"best.ckpt is missing or not the file"):
        checkpoint(run, record.read(run))


def test_a_run_that_failed_has_none(word_run):
    run = word_run("run", ["a"], torch.ones(2, 3))
    failed = record.read(run)
    failed.status, failed.checkpoint = "failed", None
    with pytest.raises(BakeoffError, match="this run is failed and has no checkpoint"):
        checkpoint(run, failed)
