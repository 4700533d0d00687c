"""Same training, same id; and nothing but the training counts."""

from pathlib import Path

import pytest
import torch

from bakeoff.run.run_id import run_id
from bakeoff.store import paths
from bakeoff.sweep.plan import plan

FOLDER = paths.experiment_dir("localization")


def identity(*overrides: str) -> str:
    return run_id(plan("localization", ["hydra.mode=RUN", *overrides], FOLDER).configs[0])


def test_the_same_config_has_the_same_id():
    assert identity("seed=1") == identity("seed=1")
    assert identity("optimizer.lr=1e-2") == identity("optimizer.lr=0.01")
    assert identity("loss.weights.box=2") == identity("loss.weights.box=2.0")


@pytest.mark.parametrize(
    "override",
    ["seed=0", "model=lenet5/deep", "optimizer.lr=0.5", "data.seed=1", "trainer.max_epochs=3",
     "data.noise.pixel=0.1", "threads=2", "augment=shift"],
)  # fmt: skip
def test_what_decides_the_training_changes_the_id(override):
    assert identity("seed=5", override) != identity("seed=5")


@pytest.mark.parametrize(
    "override",
    [
        "data_dir=elsewhere",
        "experiment=other",
        "task.showcase.samples=3",
        "task.decode.threshold=0.9",
        "hydra.launcher.n_jobs=7",
    ],
)
def test_paths_and_pictures_do_not(override):
    assert identity(override) == identity()


def test_files_count_by_content_not_by_place(tmp_path: Path):
    def with_folder(name: str, content: bytes) -> str:
        folder = tmp_path / name
        folder.mkdir()
        for split in ("train", "val", "test"):
            (folder / f"localization_{split}.pt").write_bytes(content)
        return identity("data=localization/course", f"data.folder={folder}")

    assert with_folder("a", b"same") == with_folder("b", b"same")
    assert with_folder("c", b"other") != with_folder("d", b"same")


def from_vectors_of(run: Path | str) -> str:
    overrides = ["hydra.mode=RUN", "model=bag_of_words", f"model.embedding={run}"]
    return run_id(plan("embedding", overrides, FOLDER).configs[0])


def test_a_run_to_start_from_counts_by_its_weights_not_by_its_name(word_run):
    first = word_run("first", ["a", "b"], torch.zeros(3, 2))
    same = word_run("same", ["a", "b"], torch.zeros(3, 2))
    other = word_run("other", ["a", "b"], torch.ones(3, 2))
    assert from_vectors_of(first) == from_vectors_of(same)
    assert len({from_vectors_of(run) for run in (first, other, "null", "no/such/run")}) == 4


def test_the_folder_of_a_user_counts_wherever_home_is(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("one")
    monkeypatch.setenv("HOME", str(tmp_path))
    source = "data.corpus.source.folder"
    before, same = (with_texts(f"{source}={place}") for place in ("'~'", tmp_path))
    (tmp_path / "a.txt").write_text("two")
    assert before == same != with_texts(f"{source}='~'")


def with_texts(override: str) -> str:
    overrides = ["hydra.mode=RUN", "data=embedding/folder", override]
    return run_id(plan("embedding", overrides, FOLDER).configs[0])
