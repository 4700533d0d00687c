"""`bakeoff train`: checked as a bake-off is, and then Hydra's."""

import json

import pytest
from omegaconf import OmegaConf

from bakeoff.store import paths, record

TINY = ("--config-name", "tiny", "trainer.max_epochs=1")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["hydra.mode=RUN", "+optimizer.bar=1"], "torch.optim.AdamW has no argument 'bar'"),
        (["-m", "+optimizer.bar=1"], "torch.optim.AdamW has no argument 'bar'"),
        (["hydra.mode=RUN", "model.conv=[3,8,8,8]"], "4 convolutions cannot take images"),
        (["-m", "seed=0,0"], "two jobs are the same run"),
        (
            ["experiment=localization"],
            "chooses nothing; the experiment is started by bakeoff run loc",
        ),
        (
            ["+experiment=generation"],
            "chooses nothing; the experiment is started by bakeoff run gen",
        ),
        (["hydra.mode=RUN", "seed=0,1"], "seed=0,1: several values in a single run: add -m"),
    ],
)
def test_a_mistake_is_said_before_anything_trains(workplace, arguments, said):
    done = workplace.run("train", *TINY, *arguments)
    assert done.returncode == 1
    assert said in done.stderr and "Traceback" not in done.stderr
    assert not (workplace.folder / "outputs").exists()


def test_a_single_run_keeps_its_overrides_as_typed(workplace):
    done = workplace.run("train", *TINY, "hydra.mode=RUN", "data.seed=${seed}", "++seed=3")
    assert done.returncode == 0, done.stderr
    [folder] = (workplace.folder / "outputs" / "tiny").glob("2*")
    run = record.read(folder)
    assert (run.status, run.seed) == ("completed", 3)
    assert run.overrides == ["trainer.max_epochs=1", "data.seed=${seed}", "++seed=3"]
    assert run.candidate == "lenet5/shallow trainer.max_epochs=1 data.seed=${seed}"
    assert OmegaConf.load(folder / ".hydra" / "config.yaml").data.seed == 3
    assert not (folder / "plan.json").exists()
    here = folder.relative_to(workplace.folder)
    assert done.stdout.splitlines()[-3:] == [
        f"run             {here}",
        f"checkpoint      {here}/checkpoints/best.ckpt",
        f"curves          bakeoff tensorboard {here}",
    ]


def test_a_trial_of_a_single_run_is_said_to_be_one(workplace):
    done = workplace.run("train", *TINY, "hydra.mode=RUN", "+trainer.fast_dev_run=true")
    assert done.returncode == 0, done.stderr
    assert "note            Only a trial (trainer.fast_dev_run=true)" in done.stdout


def test_a_multirun_ends_with_a_leaderboard_and_leaves_the_test_set_closed(workplace):
    done = workplace.run("train", "-m", *TINY, "optimizer.lr=1e-3")
    assert done.returncode == 0, done.stderr
    sweep = (workplace.folder / "outputs" / "tiny" / "latest").resolve()
    board = json.loads((sweep / "leaderboard.json").read_text())
    assert board["selected_run"] and board["sealed_test"] is None
    assert not (sweep / "test_ledger.jsonl").exists()
    assert f"selected        {board['selected']}, run {board['selected_run']}" in done.stdout
    assert f"bakeoff tensorboard outputs/tiny/{sweep.name}" in done.stdout
    assert (sweep / "report.html").exists()


def test_two_folders_of_one_content_are_refused_once_they_are_read(workplace):
    for name in ("a", "b"):
        (workplace.folder / name).mkdir()
        for number in range(6):
            (workplace.folder / name / f"{number}.txt").write_text("to be or not to be\n" * 40)
    done = workplace.run(
        "train", "-m", "task=embedding", "data=embedding/folder", "data.corpus.source.folder=a,b",
        "data.before=1", "data.after=1", "data_dir=data",
    )  # fmt: skip
    assert done.returncode == 1
    assert "two jobs are the same run" in done.stderr and "Traceback" not in done.stderr
    assert "data.corpus.source.folder=a" in done.stderr
    assert "data.corpus.source.folder=b" in done.stderr
    assert not (workplace.folder / "outputs").exists()


STARTING = """
defaults:
  - config
  - override task: embedding
  - override data: embedding/folder
  - override model: bag_of_words
  - _self_
experiment: starting
data_dir: data
data:
  corpus: {source: {folder: texts}}
  before: 2
  after: 1
model:
  dimension: 3
  embedding: outputs/words/latest
trainer:
  max_epochs: 1
"""


@pytest.mark.parametrize("how", ["-r", "-m"])
def test_latest_of_the_config_itself_is_pinned(learned_words, how):
    place, run = learned_words
    link = place.folder / "outputs" / "vectors" / "latest"
    if not link.exists():
        (link.parent / "2026-01-01").parent.mkdir(parents=True, exist_ok=True)
        (link.parent / "2026-01-01").symlink_to(run, target_is_directory=True)
        paths.point_latest(link.parent / "2026-01-01")
    text = STARTING.replace("outputs/words/latest", "vectors/latest")
    (place.folder / "experiments" / "starting.yaml").write_text(text)
    folder = place.folder / f"outputs/starting{how}"
    done = place.run(
        "train",
        how,
        "--config-name",
        "starting",
        f"hydra.run.dir={folder}",
        f"hydra.sweep.dir={folder}",
    )
    assert done.returncode == 0, done.stderr
    [found] = [p for p in folder.rglob("run.json") if "baselines" not in p.parts]
    named = OmegaConf.load(found.parent / ".hydra" / "config.yaml").model.embedding
    assert named == "words"  # the folder that the links lead to
    assert record.read(found.parent).overrides == ["model.embedding=words"]
