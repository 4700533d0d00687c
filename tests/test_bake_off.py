"""A whole bake-off, as one command leaves it."""

import csv
import json
import os
import re
import shlex
import shutil
from dataclasses import replace

import pytest
import torch
from omegaconf import OmegaConf

from bakeoff import bake_off
from bakeoff.errors import BakeoffError
from bakeoff.findings import Findings
from bakeoff.select.ledger import read_ledger
from bakeoff.store import plan_file, record
from bakeoff.store.digest import file_digest
from bakeoff.sweep.plan import plan


def test_the_command_succeeds_and_shows_what_it_found(swept, board):
    done = swept[1]
    assert done.returncode == 0, done.stderr
    assert "tiny: validation performance, more is better" in done.stdout
    for candidate in board["candidates"]:
        assert candidate["name"] in done.stdout
        assert f"{candidate['mean']:.4f}" in done.stdout
    assert "report.html" in done.stdout and "bakeoff tensorboard" in done.stdout
    assert "Warning" not in done.stderr
    assert len(re.findall(r"^\d/4 ", done.stderr, re.MULTILINE)) == 4


def test_every_run_owns_its_directory_named_by_its_id(sweep, board):
    ids = {run for candidate in board["candidates"] for run in candidate["runs"]}
    assert len(ids) == 4
    for run_id in ids:
        folder = sweep / run_id
        run = record.read(folder)
        assert (run.id, run.status) == (run_id, "completed")
        assert {"config.yaml", "hydra.yaml", "overrides.yaml"} <= set(os.listdir(folder / ".hydra"))
        assert os.listdir(folder / "checkpoints") == ["best.ckpt"]
        assert run.checkpoint.sha256 == file_digest(folder / run.checkpoint.path)
        assert run.epochs == 2 and run.parameters > 0 and run.samples_per_second > 0
        assert run.peak_memory_bytes > 50e6
        assert 0 < run.seconds_to_best <= run.train_seconds
        assert run.multiply_adds > 1000 and run.latency["threads"] == 1
        assert 0 < run.latency["single"]["median"] <= run.latency["single"]["p95"]
        assert run.checkpoint_bytes == (folder / run.checkpoint.path).stat().st_size
        assert run.environment["packages"]["torch"] == torch.__version__
        assert run.metric.value == pytest.approx(run.metrics["performance"])


def test_the_leaderboard_is_made_of_the_records(sweep, board):
    assert (board["metric"], board["direction"]) == ("performance", "max")
    for candidate in board["candidates"]:
        values = [record.read(sweep / run).metric.value for run in candidate["runs"]]
        assert candidate["mean"] == pytest.approx(sum(values) / 2)
    means = [candidate["mean"] for candidate in board["candidates"]]
    assert means == sorted(means, reverse=True)
    assert board["selected"] == board["candidates"][0]["name"]
    with (sweep / "leaderboard.csv").open() as file:
        assert [(row["role"], row["name"]) for row in csv.DictReader(file)] == [
            *(("candidate", candidate["name"]) for candidate in board["candidates"]),
            *(("baseline", baseline["name"]) for baseline in board["baselines"]),
        ]


def test_the_baselines_stand_beside_the_candidates_and_are_none(swept, sweep, board):
    rows = {row["name"]: row for row in board["baselines"]}
    assert rows.keys() == {"constant_box", "nearest_image"}
    known = {run.candidate: run for run in record.read_all(sweep / "baselines")}
    run = record.read(sweep / board["selected_run"])
    for name, row in rows.items():
        assert (known[name].role, known[name].status) == ("baseline", "completed")
        assert row["mean"] == known[name].metric.value and row["runs"] == [known[name].id]
        assert known[name].data_fingerprint == run.data_fingerprint
        assert known[name].metrics.keys() <= run.metrics.keys()
        assert f"{row['mean']:.4f}" in swept[1].stdout
    assert rows.keys().isdisjoint(row["name"] for row in board["candidates"])


def test_only_the_selected_run_saw_test_data_and_once(sweep, board):
    opening, result = read_ledger(sweep)
    assert opening["run"] == result["run"] == board["selected_run"]
    assert (opening["event"], result["event"]) == ("opening", "result")
    assert result["result"] == board["sealed_test"]
    run = record.read(sweep / board["selected_run"])
    assert opening["checkpoint_sha256"] == run.checkpoint.sha256
    assert opening["data_fingerprint"] == run.data_fingerprint
    for candidate in board["candidates"]:
        for run in candidate["runs"]:
            assert not any(name.startswith("test") for name in record.read(sweep / run).metrics)


def test_best_holds_config_weights_and_a_command(sweep, board):
    best = sweep / "best"
    run = record.read(sweep / board["selected_run"])
    assert file_digest(best / "weights.ckpt") == run.checkpoint.sha256
    assert OmegaConf.load(best / "config.yaml").seed == run.seed
    command = (best / "command.txt").read_text()
    assert command.startswith("bakeoff train --config-name tiny hydra.mode=RUN ")


def test_the_command_in_best_gives_the_same_numbers_bit_for_bit(swept, sweep, board):
    place = swept[0]
    command = shlex.split((sweep / "best" / "command.txt").read_text())
    done = place.run(*command[1:], "hydra.run.dir=again")
    assert done.returncode == 0, done.stderr
    again, first = record.read(place.folder / "again"), record.read(sweep / board["selected_run"])
    assert again.id == first.id
    assert again.metrics == first.metrics
    weights = [
        torch.load(folder / "checkpoints" / "best.ckpt", weights_only=True)["state_dict"]
        for folder in (place.folder / "again", sweep / first.id)
    ]
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])


def test_checkpoints_hold_plain_data_and_the_normalization(sweep, board):
    content = torch.load(
        sweep / board["selected_run"] / "checkpoints" / "best.ckpt", weights_only=True
    )
    assert 0 < content["state_dict"]["mean"] < 255
    assert content["state_dict"]["std"] > 0


def test_the_showcase_has_validation_and_test_pictures(sweep):
    names = {path.stem for path in (sweep / "showcase").glob("*.png")}
    assert names == {
        "validation-samples", "validation-worst-mistakes", "test-samples", "test-worst-mistakes",
    }  # fmt: skip


def test_a_second_sweep_leaves_the_first_alone_and_latest_points_to_it(workplace):
    folders = []
    for _ in range(2):
        done = workplace.run(
            "run", "tiny", "trainer.max_epochs=1", "seed=0", "optimizer.lr=1e-3", "model.dense=[4]"
        )
        assert done.returncode == 0, done.stderr
        folders.append((workplace.folder / "outputs" / "tiny" / "latest").resolve())
    assert folders[0] != folders[1]
    assert all((folder / "leaderboard.json").is_file() for folder in folders)


def test_a_key_that_only_the_swept_nets_have_is_set_for_all_of_them(workplace):
    typed = [
        "model=mlp/standard,mlp/deep",
        "model.activation=tanh",
        "seed=0",
        "trainer.max_epochs=1",
    ]
    small = ["data.sizes={train: 32, val: 8, test: 8}", "data_dir=data", "baselines=none"]
    done = workplace.run("run", "localization", *typed, *small)
    assert done.returncode == 0, done.stderr
    sweep = workplace.folder / "outputs" / "localization" / "latest"
    configs = [OmegaConf.create(job.config) for job in plan_file.read(sweep).jobs]
    assert [config.model.activation for config in configs] == ["tanh", "tanh"]
    assert "model.activation=tanh" in (sweep / "report.md").read_text()


def test_failed_and_diverged_runs_stay_on_the_leaderboard(workplace):
    done = workplace.run("run", "tiny", "optimizer.lr=1e-3,1e30", "trainer.gradient_clip_val=null")
    sweep = (workplace.folder / "outputs" / "tiny" / "latest").resolve()
    board = json.loads((sweep / "leaderboard.json").read_text())
    assert done.returncode == 3, done.stderr
    again = f"bakeoff resume {sweep.relative_to(workplace.folder)} --failed"
    assert f"2 of 4 runs did not complete: 2 diverged. `{again}` trains them" in done.stderr
    counts = {row["name"]: row["status_counts"] for row in board["candidates"]}
    assert counts["optimizer.lr=0.001"] == {"completed": 2}
    assert counts["optimizer.lr=1e+30"] == {"diverged": 2}
    assert "diverged: the training loss is not finite since step" in done.stderr
    assert board["candidates"][1]["rank"] is None
    assert "diverged" in (sweep / "report.html").read_text()


def test_a_net_that_cannot_take_the_images_is_named_before_anything_trains(workplace):
    done = workplace.run("run", "tiny", "model.conv=[3,8,8,8]")
    assert done.returncode == 1
    assert "LeNet5 with 4 convolutions cannot take images of 48x60" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (workplace.folder / "outputs" / "tiny").exists()


def test_an_unwritable_output_folder_is_named_before_anything_trains(workplace):
    (workplace.folder / "outputs").write_text("a file where the folder should be")
    done = workplace.run("run", "tiny")
    assert done.returncode == 1
    assert "cannot create a folder in" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("overrides", "place", "is_latest"),
    [
        ([], "outputs/train/2", True),
        (["hydra.sweep.dir=elsewhere/mine"], "elsewhere/mine", False),
        (["hydra.sweep.dir=outputs/train/mine"], "outputs/train/mine", True),
    ],
)
def test_a_sweep_goes_where_it_was_asked_to(tmp_path, monkeypatch, overrides, place, is_latest):
    monkeypatch.chdir(tmp_path)
    places = []
    monkeypatch.setattr(bake_off, "_sweep", lambda planned, known, folder: places.append(folder))
    monkeypatch.setattr(bake_off, "ranked", lambda folder: Findings(folder, [], None))
    monkeypatch.setattr(bake_off, "write", lambda found: None)
    monkeypatch.setattr(bake_off, "lost_runs", lambda folder, board: "")
    planned = plan("config", [*overrides, "seed=0,1"], multirun=True)
    bake_off.train_all(planned)
    [folder] = places
    assert folder.is_dir() and str(folder).startswith(place)
    latest = folder.parent / "latest"
    assert (latest.resolve() == folder.resolve()) if is_latest else not latest.exists()
    if overrides:
        (folder / "plan.json").touch()
        with pytest.raises(BakeoffError, match="this folder is not empty"):
            bake_off.train_all(planned)


@pytest.mark.slow
def test_finalists_are_trained_on_fresh_seeds_and_resumed_in_their_middle(workplace):
    """Trains 10 runs, then some of them twice more."""
    done = workplace.run("run", "tiny", "selection.finalists=2", "selection.finalist_seeds=3")
    assert done.returncode == 0, done.stderr
    sweep = (workplace.folder / "outputs" / "tiny" / "latest").resolve()
    first = json.loads((sweep / "leaderboard.json").read_text())
    assert first["finals"]["seeds"] == [2, 3, 4]
    runs = [run for row in first["candidates"] for run in row["fresh"]["runs"]]
    assert len(runs) == 6 and first["selected_run"] in runs
    assert {record.read(sweep / run).role for run in runs} == {"finalist"}
    opening, _ = read_ledger(sweep)
    assert opening["run"] == first["selected_run"]

    def forget(*lost):
        for name in ("leaderboard.json", "test_ledger.jsonl"):
            (sweep / name).unlink(missing_ok=True)
        for run in lost:
            shutil.rmtree(sweep / run)

    forget(*runs[:2])  # as where the machine stopped in the middle of the finalists
    done = workplace.run("report", "tiny/latest")
    assert done.returncode == 1 and "2 missing" in done.stdout
    done = workplace.run("resume", "tiny/latest")
    assert done.returncode == 0, done.stderr
    again = json.loads((sweep / "leaderboard.json").read_text())
    assert (again["selected_run"], again["finals"]) == (first["selected_run"], first["finals"])
    assert again["sealed_test"] == first["sealed_test"]

    forget(*runs)  # as where it stopped before they were planned
    plan = plan_file.read(sweep)
    replace(plan, jobs=[job for job in plan.jobs if job.role != "finalist"]).write(sweep)
    done = workplace.run("report", "tiny/latest")
    assert done.returncode == 1 and "are not trained on fresh seeds yet" in done.stdout
    done = workplace.run("resume", "tiny/latest")
    assert done.returncode == 0, done.stderr
    again = json.loads((sweep / "leaderboard.json").read_text())
    assert (again["selected_run"], again["finals"]) == (first["selected_run"], first["finals"])
