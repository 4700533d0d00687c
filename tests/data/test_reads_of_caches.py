"""How often the processes of a bake-off read its caches of arrays."""

from collections import Counter
from typing import NamedTuple

import pytest

# Python runs a module of this name when it starts: here in every process of the bake-off.
NOTING = """
import os
import numpy as np

read = np.lib.npyio.NpzFile.__getitem__

def noted(self, key):
    name = os.path.basename(self.zip.fp.name)
    with open({notes!r}, "a") as file:
        file.write(f"{{os.getpid()}} {{name}} {{key}}\\n")
    return read(self, key)

np.lib.npyio.NpzFile.__getitem__ = noted
"""


class Read(NamedTuple):
    """An array of a split that a process has read from its cache."""

    process: int
    split: str
    array: str


@pytest.fixture
def reads(workplace, tmp_path, monkeypatch):
    """The reads of `bakeoff run tiny` with these overrides, in their order, and its own process."""

    def run(*overrides):
        notes = tmp_path / "notes"
        (tmp_path / "sitecustomize.py").write_text(NOTING.format(notes=str(notes)))
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
        # Baselines have processes of their own.
        alone = ("trainer.max_epochs=1", "baselines=none")
        process = workplace.start("run", "tiny", *alone, *overrides)
        _, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        lines = (line.split(maxsplit=2) for line in notes.read_text().splitlines())
        found = [Read(int(pid), name.split("-")[1], array) for pid, name, array in lines]
        return found, process.pid

    return run


@pytest.mark.parametrize(
    "overrides",
    [
        ["seed=0"],
        ["seed=0", "task=detection", "model=lenet5/standard", "model.dense=[8]"],
    ],
    ids=["localization", "detection"],
)
def test_a_job_reads_the_images_of_its_splits_once_and_nothing_of_the_test_split(reads, overrides):
    found, own = reads(*overrides)
    jobs = {read.process for read in found} - {own}
    assert len(jobs) == 2
    for job in jobs:
        # `targets` are read once more where a data module says beforehand what its grid leaves out.
        images = [read.split for read in found if (read.process, read.array) == (job, "images")]
        assert sorted(images) == ["train", "val"]
        of_testing = {read.array for read in found if (read.process, read.split) == (job, "test")}
        assert of_testing == {"sha256"}
    # The command itself reads validation images for its check of the config, and each split again for the
    # sealed test and for the pictures; nothing of the test split before the last job is done.
    of_command = Counter(
        read.split for read in found if (read.process, read.array) == (own, "images")
    )
    assert of_command["train"] <= 2 and of_command["val"] <= 3 and of_command["test"] <= 2
    first_of_testing = min(
        i for i, read in enumerate(found) if read.split == "test" and read.array != "sha256"
    )
    assert first_of_testing > max(i for i, read in enumerate(found) if read.process in jobs)
