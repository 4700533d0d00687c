"""What it takes to prepare texts, and how fast single words are learned from them.

    python benchmarks/words.py [--megabytes 1000] [--examples 200000]

The course's books need BAKEOFF_MIRROR. The corpus of so many megabytes is generated in a temporary folder,
which then needs three times the room, with words as frequent as in a language (Zipf's law) and as many
rare ones.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader

from bakeoff.data import catalog
from bakeoff.data.batches import loader
from bakeoff.nets.word_mlp import WordMLP
from bakeoff.text.corpus import Corpus, Split
from bakeoff.text.sources import CourseBooks, TextFolder
from bakeoff.text.windows import Windows, places

LIMIT = 1500  # megabytes of memory
ZIPF = 1.35  # the exponent: a gigabyte holds some 190 million words, two million of them different
SHORTEST = 26 + 26**2 + 26**3  # ranks with fewer than four letters, which no word has
CHUNK = 500_000  # words written at a time
VOCABULARY, FORMS = 1880, 12  # of the 13 books, and of the conjugation task
CONTEXT, DIMENSION, HIDDEN, BATCH_SIZE = 4, 16, [32], 512


def seconds(work: Callable[[], object]) -> float:
    """Time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def books(root: Path) -> None:
    """Print the time to tokenize the 13 books, and to use them again."""
    if not os.environ.get("BAKEOFF_MIRROR"):
        print(
            "the 13 books            not measured: set BAKEOFF_MIRROR to a folder that holds them"
        )
        return
    names = {
        split: [Path(f.path).stem for f in catalog.find("course_books").files if folder in f.path]
        for split, folder in (("train", "data_train"), ("val", "data_val"), ("test", "data_test"))
    }
    source = CourseBooks(str(root), **names)
    source.documents()  # fetched before the clock starts
    cold, warm = (
        seconds(lambda: Corpus(source, str(root), 100, ["i"], straighten=False).split("train"))
        for _ in range(2)
    )
    print(f"tokenize the 13 books   {cold:8.2f} s   (expected: below 4)")
    print(f"use them again          {warm:8.2f} s   (expected: below 0.3)")
    print(f"ratio                   {cold / warm:8.1f}")


def word(rank: int) -> str:
    """Four letters or more for a rank from 1 on: fewest for the frequent ones, others for each."""
    rank, letters = rank + SHORTEST, ""
    while rank:
        rank, letter = divmod(rank - 1, 26)
        letters += chr(ord("a") + letter)
    return letters


def write_text(path: Path, size: int) -> None:
    """Fill `path` with random words, `size` bytes or a little more."""
    generator = np.random.default_rng(0)
    with path.open("w", encoding="ascii") as file:
        while file.tell() < size:
            ranks, where = np.unique(generator.zipf(ZIPF, CHUNK), return_inverse=True)
            words = [word(rank) for rank in ranks.tolist()]
            file.write(" ".join([words[i] for i in where.tolist()]) + "\n")


def resident() -> float:
    """The most memory this process has held so far, in megabytes."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # macOS counts bytes
    # Linux counts the parent's memory in `ru_maxrss`, but not here.
    found = (
        line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")
    )
    return int(next(found)) * 1024 / 1e6


def prepare(folder: Path) -> None:
    """Print the peak memory before and after tokenizing the texts in `folder`."""
    before = resident()
    source = TextFolder(str(folder), 0.05, 0.05, "position", None, strip=True)
    summary = Corpus(source, str(folder / "data"), 100, ["i"], straighten=True).summary
    print(before, resident(), summary["distinct"])


def memory(root: Path, megabytes: int) -> None:
    """Print the peak memory and the time of a fresh process that prepares a generated corpus."""
    folder = root / "texts"
    folder.mkdir()
    write_text(folder / "generated.txt", megabytes * 10**6)
    command = [sys.executable, __file__, "--prepare", str(folder)]
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    spent = time.perf_counter() - start
    before, peak, distinct = map(float, done.stdout.split())
    print(f"prepare {megabytes:,} MB of text {spent:10.2f} s   ({distinct:,.0f} different words)")
    print(f"peak memory             {peak:8.1f} MB  (expected: below {LIMIT})")
    print(f"of it, before the text  {before:8.1f} MB")


def rate(batches: Iterable, outputs: int, examples: int) -> float:
    """Examples per second of a training on one pass of `batches`."""
    torch.manual_seed(0)
    net = WordMLP(
        (2 * CONTEXT,), (outputs,), VOCABULARY, DIMENSION, HIDDEN, 0.0, False, None, False
    )
    optimizer = torch.optim.AdamW(net.parameters())

    def train() -> None:
        for contexts, targets in batches:
            optimizer.zero_grad()
            F.cross_entropy(net(contexts), targets % outputs).backward()
            optimizer.step()

    return examples / seconds(train)


def training(examples: int) -> None:
    """Print examples per second with whole batches and with samples one by one, and their ratio."""
    torch.set_num_threads(1)
    ids = torch.randint(0, VOCABULARY, (examples + 2 * CONTEXT,), dtype=torch.int32)
    text = Split(ids, torch.tensor([0, len(ids)]))
    windows = Windows(ids, places(text, CONTEXT, CONTEXT), CONTEXT, CONTEXT)
    for outputs in (FORMS, VOCABULARY):
        slow = rate(DataLoader(windows, BATCH_SIZE, shuffle=True), outputs, examples)
        fast = rate(loader(windows, BATCH_SIZE, shuffle=True), outputs, examples)
        print(f"training an MLP with {outputs:,} outputs, examples per second:")
        print(f"  sample by sample      {slow:10.1f}")
        print(f"  one index operation   {fast:10.1f}")
        print(f"  ratio                 {fast / slow:10.1f}")


def main(megabytes: int, examples: int) -> None:
    """Print all measurements."""
    with tempfile.TemporaryDirectory() as root:
        books(Path(root))
        memory(Path(root), megabytes)
    training(examples)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--examples", type=int, default=200_000)
    parser.add_argument("--prepare", type=Path, help=argparse.SUPPRESS)
    parsed = parser.parse_args()
    if parsed.prepare:
        prepare(parsed.prepare)
    else:
        main(parsed.megabytes, parsed.examples)
