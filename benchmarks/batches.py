"""Batches by one index operation against PyTorch's default, which fetches and stacks single samples.

python benchmarks/batches.py [--count 54000]
"""

import argparse
import time
from collections.abc import Iterable

import torch
from torch.utils.data import DataLoader, TensorDataset

from bakeoff.data.batches import Tensors, loader

BATCH_SIZE = 64


def seconds(batches: Iterable) -> float:
    """Time of one pass."""
    start = time.perf_counter()
    for _ in batches:
        pass
    return time.perf_counter() - start


def main(count: int) -> None:
    """Print milliseconds per batch both ways and their ratio."""
    torch.manual_seed(0)
    tensors = (torch.randint(0, 256, (count, 1, 48, 60), dtype=torch.uint8), torch.rand(count, 6))
    default = DataLoader(TensorDataset(*tensors), BATCH_SIZE, shuffle=True)
    whole = loader(Tensors(*tensors), BATCH_SIZE, shuffle=True)
    slow, fast = (seconds(batches) / len(batches) * 1e3 for batches in (default, whole))
    print(f"sample by sample     {slow:7.3f} ms per batch of {BATCH_SIZE}")
    print(f"one index operation  {fast:7.3f} ms per batch of {BATCH_SIZE}")
    print(f"ratio                {slow / fast:7.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=54_000)
    main(parser.parse_args().count)
