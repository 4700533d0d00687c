"""Runs of earlier sweeps, taken over where they are what would be trained now."""

import json
import os
import shutil
from dataclasses import replace

import pytest
from omegaconf import OmegaConf

from bakeoff.identity.code_digest import code_of
from bakeoff.identity.environment import environment
from bakeoff.store import record
from bakeoff.store.digest import file_digest
from bakeoff.store.record import Checkpoint, Metric, RunRecord
from bakeoff.sweep import reuse
from bakeoff.sweep.identities import identities
from bakeoff.sweep.plan import plan
from bakeoff.sweep.reuse import take_over


@pytest.fixture(scope="module")
def jobs():
    return plan("config", ["seed=0,1", "optimizer.lr=1e-3"], multirun=True).jobs


@pytest.fixture(scope="module")
def named(jobs):
    return identities(jobs)


@pytest.fixture
def sweep(tmp_path, monkeypatch, jobs, named):
    """A new sweep, beside an earlier one, `first`, in which the run of seed 0 completed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(reuse, "_device", lambda config: "cpu")
    run_dir = tmp_path / "outputs" / "other" / "first" / named[0].run
    for folder in ("checkpoints", ".hydra", "curves"):
        (run_dir / folder).mkdir(parents=True)
    for name in ("best.ckpt", "last.ckpt"):
        (run_dir / "checkpoints" / name).write_text(name)
    (run_dir / "curves" / "events.out.tfevents.1").write_text("curve")
    (run_dir / ".hydra" / "config.yaml").write_text("old: 1")
    (run_dir / "output.log").write_text("log")
    (run_dir / ".lock").write_text("")
    RunRecord(
        id=named[0].run,
        status="completed",
        experiment="other",
        task="localization",
        candidate="old name",
        candidate_id=named[0].candidate,
        overrides=["seed=0"],
        seed=0,
        metric=Metric("performance", "max", 0.5, 1),
        checkpoint=Checkpoint(
            "checkpoints/best.ckpt", file_digest(run_dir / "checkpoints/best.ckpt")
        ),
        environment=environment("cpu"),
        code=code_of(jobs[0].config).digest(),
    ).write(run_dir)
    sweep = tmp_path / "outputs" / "train" / "new"
    sweep.mkdir(parents=True)
    return sweep


@pytest.fixture
def earlier(sweep, named):
    return sweep.parents[1] / "other" / "first" / named[0].run


def test_a_run_is_taken_over_under_its_name_in_the_new_sweep(sweep, earlier, jobs, named):
    taken, said = take_over(sweep, jobs, named)
    assert taken == {named[0].run}
    assert said == ["1 of 2 runs were trained before: reused (`--fresh` trains them again)"]
    run, before = record.read(sweep / named[0].run), record.read(earlier)
    assert run == replace(
        before,
        experiment="train",
        candidate=named[0].name,
        overrides=jobs[0].overrides,
        reused_from=f"other/first/{before.id}",
    )
    folder = sweep / run.id
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert there == {
        "checkpoints/best.ckpt", "curves/events.out.tfevents.1", "output.log", "run.json",
        ".hydra/config.yaml", ".hydra/hydra.yaml", ".hydra/overrides.yaml",
    }  # fmt: skip
    config = OmegaConf.load(folder / ".hydra" / "config.yaml")
    assert (config.seed, config.optimizer.lr) == (0, 0.001) and "hydra" not in config
    assert OmegaConf.load(folder / ".hydra" / "overrides.yaml") == jobs[0].overrides
    assert os.path.samefile(folder / "checkpoints/best.ckpt", earlier / "checkpoints/best.ckpt")
    assert not os.path.samefile(folder / "output.log", earlier / "output.log")
    shutil.rmtree(earlier.parent)  # the run does not need it
    assert file_digest(folder / run.checkpoint.path) == run.checkpoint.sha256


def test_a_run_that_was_taken_over_is_taken_over_from_where_it_was_trained(
    sweep, earlier, jobs, named
):
    take_over(sweep, jobs, named)
    shutil.rmtree(earlier)
    third = sweep.parent / "third"
    third.mkdir()
    assert take_over(third, jobs, named)[0] == {named[0].run}
    assert record.read(third / named[0].run).reused_from == f"other/first/{named[0].run}"


def damage(run_dir):
    (run_dir / "checkpoints" / "best.ckpt").write_text("other")


def forget(run_dir):
    (run_dir / "checkpoints" / "best.ckpt").unlink()


def edit(**changes):
    def change(run_dir):
        content = json.loads((run_dir / "run.json").read_text())
        (run_dir / "run.json").write_text(json.dumps(content | changes))

    return change


OLD_TORCH = {"packages": {"torch": "1.0"}, "device": "cpu"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (damage, "the checkpoint is missing or damaged"),
        (forget, "the checkpoint is missing or damaged"),
        (edit(code="x"), "code or packages have changed since"),
        (edit(code=None), "code or packages have changed since"),
        (edit(code="x", environment=OLD_TORCH), r"with torch 1.0 \(now "),
        (edit(environment={"device": "cuda:0"}), r"on another kind of device \(cuda, now cpu\)"),
        (edit(status="failed"), "did not complete"),
        (edit(id="0" * 12), "did not complete"),
        (edit(artifacts=["words.json"]), "words.json is missing"),
        (edit(seed="x"), "the record is damaged or missing"),
    ],
)
def test_what_is_not_the_run_that_would_be_trained_now_is_left(
    sweep, earlier, jobs, named, change, reason
):
    change(earlier)
    taken, (said,) = take_over(sweep, jobs, named)
    assert taken == set() and list(sweep.iterdir()) == []
    with pytest.raises(
        AssertionError, match=f"^1 run was trained before, but {reason}.*trained again"
    ):
        raise AssertionError(said)


def test_of_several_the_newest_that_is_fit_is_taken(sweep, earlier, jobs, named):
    newer = earlier.parents[1] / "second" / earlier.name
    shutil.copytree(earlier, newer)
    take_over(sweep, jobs, named)
    assert record.read(sweep / named[0].run).reused_from.startswith("other/second/")
    shutil.rmtree(sweep / named[0].run)
    damage(newer)
    assert take_over(sweep, jobs, named)[0]
    assert record.read(sweep / named[0].run).reused_from.startswith("other/first/")


def test_links_are_not_followed_and_what_the_sweep_has_is_left_alone(sweep, earlier, jobs, named):
    (earlier / "outside").symlink_to("/etc")
    (earlier / "passwd").symlink_to("/etc/passwd")
    (sweep.parent / "latest").symlink_to(earlier.parent)
    take_over(sweep, jobs, named)
    assert not {"outside", "passwd"} & set(os.listdir(sweep / named[0].run))
    (sweep / named[0].run / "mine").write_text("")
    assert take_over(sweep, jobs, named) == (set(), [])
    assert (sweep / named[0].run / "mine").exists()


def test_a_second_sweep_trains_only_what_is_new(swept, workplace):
    shutil.copytree(swept[0].folder / "outputs", workplace.folder / "outputs", symlinks=True)
    first = (swept[0].folder / "outputs" / "tiny" / "latest").resolve()
    broken = sorted(path.parent for path in first.glob("*/run.json"))[0]
    damage(workplace.folder / "outputs" / "tiny" / first.name / broken.name)
    done = workplace.run("run", "tiny")
    assert done.returncode == 0, done.stderr
    assert "3 of 4 runs were trained before: reused (`--fresh` trains them again)" in done.stderr
    assert "1 run was trained before, but the checkpoint is missing or damaged" in done.stderr
    assert "1/1 " in done.stderr
    sweep = (workplace.folder / "outputs" / "tiny" / "latest").resolve()
    assert sweep.name != first.name
    for run in record.read_all(sweep):
        before = record.read(first / run.id)
        assert run.metrics == before.metrics
        assert (run.reused_from is None) == (run.id == broken.name)


def test_a_run_on_data_that_do_not_declare_their_files_is_trained_again(
    sweep, jobs, named, monkeypatch
):
    monkeypatch.setattr(reuse, "tells_content", lambda target: False)
    taken, said = take_over(sweep, jobs, named)
    assert taken == set() and list(sweep.iterdir()) == []
    [line] = said
    assert line.startswith("1 run was trained before, but its data module does not declare its")
