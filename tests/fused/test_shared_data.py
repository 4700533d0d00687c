"""Data modules of one process that share what they have read."""

from collections import Counter
from functools import cached_property

import torch
from tests.run import in_memory

from bakeoff.data.batches import Tensors
from bakeoff.fused.shared_data import SharedData


class Drawn(in_memory.Pairs):
    """Its numbers follow torch's generator."""

    def load(self, split: str) -> Tensors:
        return Tensors(torch.randn(8, 2), torch.zeros(8, dtype=torch.long))


def config(*overrides):
    return in_memory.config("data_dir=outputs/data", *overrides)


def test_runs_with_the_same_settings_share_tensors_but_no_module():
    shared = SharedData()
    first, second = shared(config("seed=0")), shared(config("seed=1"))
    assert first is not second
    assert first.splits["train"] is second.splits["train"]
    first.shuffled = False
    assert second.shuffled


def test_statistics_and_fingerprint_are_worked_out_once(monkeypatch):
    counts = Counter()

    class Counting(in_memory.Pairs):
        def statistics(self):
            counts["statistics"] += 1
            return torch.zeros(2), torch.ones(2)

        @cached_property
        def fingerprint(self):
            counts["fingerprint"] += 1
            return "pairs"

    monkeypatch.setattr(in_memory, "Pairs", Counting)
    shared = SharedData()
    for seed in range(3):
        data = shared(config(f"seed={seed}"))
        assert torch.equal(data.statistics()[1], torch.ones(2))
        assert data.fingerprint == "pairs"
    assert counts == {"statistics": 1, "fingerprint": 1}


def test_other_settings_are_other_data():
    shared = SharedData()
    first, second = shared(config()), shared(config("data.batch_size=8"))
    assert first.splits["train"] is not second.splits["train"]
    assert second.batch_size == 8


def test_data_that_are_drawn_are_drawn_for_each_run():
    shared = SharedData()
    own = f"data._target_={__name__}.Drawn"
    torch.manual_seed(0)
    first = shared(config(own)).splits["train"].tensors[0]
    second = shared(config(own)).splits["train"].tensors[0]
    assert not torch.equal(first, second)
