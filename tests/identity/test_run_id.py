"""Same training, same id; and nothing but the training counts."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from omegaconf import DictConfig

from bakeoff.identity.run_id import candidate_id, decisive, run_id, settings_id
from bakeoff.store import paths
from bakeoff.sweep.plan import plan

FOLDER = paths.experiment_dir("localization")


def composed(*overrides: str) -> DictConfig:
    return plan("localization", ["hydra.mode=RUN", *overrides], FOLDER).jobs[0].config


def identity(*overrides: str) -> str:
    return run_id(composed(*overrides))


def candidate(*overrides: str) -> str:
    return candidate_id(composed(*overrides))


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


SPLITS = ("train", "val", "test")
IDX = [
    f"{split}-{kind}-ubyte"
    for split in ("train", "t10k")
    for kind in ("images-idx3", "labels-idx1")
]


def places(data: str, root: Path) -> list[str]:
    """The overrides that name the user's own files in `root`."""
    match data:
        case "classification/folder":
            return [f"data.source.path={root}"]
        case "embedding/folder":
            return [f"data.corpus.source.folder={root}"]
    return [f"data.folder={root}"]


FILES = {
    "localization/course": [f"localization_{split}.pt" for split in SPLITS],
    "detection/course": [
        f"{name}_{split}.pt" for name in ("detection", "list_y_true") for split in SPLITS
    ],
    "localization/idx": IDX,
    "detection/idx": IDX,
    "classification/idx": IDX,
    "classification/folder": [f"{split}/cat/{n}.png" for split in SPLITS for n in "12"],
    "embedding/folder": ["a.txt", "b/b.TXT"],
}


@pytest.mark.parametrize("data", FILES)
def test_files_count_by_content_not_by_place(tmp_path: Path, data: str):
    task = data.split("/")[0]

    def of(name: str, changed: str | None = None, more: str | None = None) -> str:
        root = tmp_path / name
        for file in [*FILES[data], *([more] if more else [])]:
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            (root / file).write_text("other" if file == changed else "same")
        return identity(f"task={task}", f"data={data}", *places(data, root))

    first = of("a")
    assert of("moved") == first
    assert of("beside", more="notes.md") == first
    last, but_one = (of(file.replace("/", "-"), changed=file) for file in FILES[data][-2:])
    assert len({first, last, but_one}) == 3


def test_an_archive_of_images_counts_by_content(tmp_path: Path):
    def of(name: str, content: bytes) -> str:
        (tmp_path / name).write_bytes(content)
        return identity(
            "task=classification",
            "data=classification/folder",
            f"data.source.path={tmp_path / name}",
        )

    assert of("a.tar", b"1") == of("b.tar", b"1") != of("c.tar", b"2")


def test_no_name_of_a_key_makes_a_file(tmp_path: Path):
    (tmp_path / "a").write_text("one")
    before = identity(f"+data.folder={tmp_path / 'a'}", f"+data.files=[{tmp_path / 'a'}]")
    (tmp_path / "a").write_text("two")
    assert identity(f"+data.folder={tmp_path / 'a'}", f"+data.files=[{tmp_path / 'a'}]") == before


def from_vectors_of(run: Path | str) -> str:
    overrides = ["hydra.mode=RUN", "model=bag_of_words", f"model.embedding={run}"]
    return run_id(plan("embedding", overrides, FOLDER).jobs[0].config)


def test_a_run_to_start_from_counts_by_its_weights_not_by_its_name(word_run):
    first = word_run("first", ["a", "b"], torch.zeros(3, 2))
    same = word_run("same", ["a", "b"], torch.zeros(3, 2))
    other = word_run("other", ["a", "b"], torch.ones(3, 2))
    assert from_vectors_of(first) == from_vectors_of(same)
    assert len({from_vectors_of(run) for run in (first, other, "null", "no/such/run")}) == 4


def test_the_home_folder_is_found(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("one")
    monkeypatch.setenv("HOME", str(tmp_path))

    def of(folder: object) -> str:
        return identity(
            "task=embedding", "data=embedding/folder", f"data.corpus.source.folder={folder}"
        )

    before = of("'~'")
    (tmp_path / "a.txt").write_text("three")
    assert before != of("'~'") == of(tmp_path)


@pytest.mark.parametrize("fold", ["seed=3", "data.fold=2"])
def test_seed_and_fold_are_not_the_candidates(fold):
    overrides = ["task=classification", "data.folds=5"]
    assert candidate(*overrides) == candidate(*overrides, fold)
    assert identity(*overrides) != identity(*overrides, fold)


def test_what_follows_the_seed_is_not_the_candidates_either():
    following = "data.seed=${seed}"
    assert candidate(following, "seed=1") == candidate(following, "seed=2")
    assert candidate("data.seed=1") != candidate("data.seed=2")


def test_a_candidate_is_the_config_however_it_is_typed():
    assert candidate("optimizer.lr=0.5") == candidate("++optimizer.lr=0.5", "++seed=4")
    assert candidate("optimizer.lr=0.5") != candidate("optimizer.lr=0.6")


def test_before_files_are_read_their_paths_count(tmp_path):
    config = composed("data=localization/course", f"data.folder={tmp_path}")
    other = composed("data=localization/course", f"data.folder={tmp_path / 'b'}")
    assert settings_id(decisive(config)) == settings_id(decisive(config))
    assert settings_id(decisive(config)) != settings_id(decisive(other))


def test_settings_are_known_without_torch():
    code = (
        "import sys; from bakeoff.store import paths; from bakeoff.sweep.plan import plan;"
        "from bakeoff.identity.run_id import decisive, settings_id;"
        "planned = plan('localization', ['hydra.mode=RUN'], paths.experiment_dir('localization'));"
        "settings_id(decisive(planned.jobs[0].config)); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_is_only_shown_does_not_count():
    assert identity() == identity("trainer.histograms=true")


def test_how_long_a_run_may_take_and_how_often_it_saves_does_not_count():
    assert identity() == identity("limits.run_minutes=3", "checkpoint.minutes=null")


def test_baselines_are_no_part_of_a_run():
    plain = composed("baselines=none")
    for override in (
        "limits.baseline_seconds=9",
        "+baselines.mine._target_=sklearn.dummy.DummyClassifier",
        "+task.tabular.words=3",
    ):
        assert run_id(composed(override)) == run_id(plain)
        assert candidate_id(composed(override)) == candidate_id(plain)


def test_what_a_lightning_module_brings_itself_does_not_count():
    def of(*overrides: str) -> str:
        config = composed(*overrides)
        config.model = {"kind": "lightning", "_target_": "mine.Own", "lr": config.seed}
        return run_id(config)

    assert of() == of("optimizer.lr=5") == of("augment=shift") == of("loss.weights.box=9")
    assert of() != of("seed=1") and of() != of("trainer.max_epochs=9")
