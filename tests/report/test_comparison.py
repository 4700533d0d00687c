"""Several sweeps side by side."""

import json
from dataclasses import replace

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.report.comparison import by_data, cautions, read_sweeps, repeated, shared
from bakeoff.report.comparison_page import content
from bakeoff.report.comparison_table import show
from bakeoff.store import record
from bakeoff.store.record import Metric, RunRecord


def row(name, rank, mean, runs):
    return {
        "name": name, "rank": rank, "mean": mean, "std": 0.01, "ci95": [mean - 0.02, mean + 0.02],
        "n": len(runs), "runs": runs, "status_counts": {"completed": len(runs)}, "overrides": [],
        "parameters": 1, "train_seconds": 1.0, "seconds_per_prediction": None, "tied_with_best": False,
    }  # fmt: skip


@pytest.fixture
def sweep(tmp_path):
    def make(name, means, metric="accuracy", data="d0", **more):
        folder = tmp_path / "outputs" / "digits" / name
        folder.mkdir(parents=True)
        rows = [row(c, at, mean, [f"{c}0"]) for at, (c, mean) in enumerate(means.items(), start=1)]
        board = {
            "experiment": "digits", "task": "classification", "metric": metric, "direction": "max",
            "candidates": rows, "selected": next(iter(means)), "selected_run": "x",
            "sealed_test": {metric: 0.5}, "sealed_test_ci95": {metric: [0.4, 0.6]},
        } | more  # fmt: skip
        (folder / "leaderboard.json").write_text(json.dumps(board))
        for candidate, mean in means.items():
            RunRecord(
                f"{candidate}0", "completed", "digits", "classification", candidate, [], 0,
                Metric(metric, "max", mean, 0), candidate_id=f"id of {candidate}", data_fingerprint=data,
                environment={"packages": {"torch": "2"}},
            ).write(folder / f"{candidate}0")  # fmt: skip
        return folder

    return make


def test_candidates_of_several_sweeps_stand_beside_each_other(sweep):
    sweeps = read_sweeps(
        [sweep("a", {"deep": 0.9, "flat": 0.8}), sweep("b", {"wide": 0.95, "deep": 0.91})]
    )
    found = shared(sweeps)
    assert list(found) == ["id of deep"]
    assert [one["mean"] for one in found["id of deep"]] == [0.9, 0.91]
    assert cautions(sweeps) == []


def test_the_tables_name_sweeps_selections_and_test_results(sweep, capsys):
    show(read_sweeps([sweep("a", {"deep": 0.9}), sweep("b", {"wide": 0.95, "deep": 0.91})]))
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "digits/a deep 0.9000 1 1 0.5000 0.4000 to 0.6000" in lines
    assert "digits/b wide 0.9500 1 2 0.5000 0.4000 to 0.6000" in lines
    assert "deep 0.9000 (1) 0.9100 (1)" in lines


def test_other_data_are_said_first(sweep):
    sweeps = read_sweeps([sweep("a", {"deep": 0.9}), sweep("b", {"deep": 0.9}, data="d1")])
    assert cautions(sweeps) == [
        "NOT THE SAME DATA: training or validation data differ: digits/a; digits/b"
    ]


def test_a_run_without_a_value_makes_no_other_data(sweep):
    folders = [sweep(name, {"deep": 0.9}) for name in "ab"]
    lost = replace(
        record.read(folders[1] / "deep0"), id="lost", status="failed", data_fingerprint="d1"
    )
    lost.write(folders[1] / "lost")
    path = folders[1] / "leaderboard.json"
    board = json.loads(path.read_text())
    board["candidates"][0]["runs"].append("lost")
    path.write_text(json.dumps(board))
    assert cautions(read_sweeps(folders)) == []


def test_a_module_that_changed_between_sweeps_is_said_of_candidates_that_differ_too(sweep):
    folders = [sweep("a", {"deep": 0.9}), sweep("b", {"wide": 0.9})]
    for folder, name, digest in zip(folders, ("deep0", "wide0"), "01", strict=True):
        run = record.read(folder / name)
        run.modules = {"acme.data": digest, f"acme.{name}": digest}
        run.write(folder / name)
    assert cautions(read_sweeps(folders)) == [
        "NOT THE SAME CODE: changed between the runs: acme.data"
    ]


def test_a_sweep_without_a_winner_says_so(sweep, capsys):
    unfinished = sweep(
        "b",
        {"deep": 0.9},
        selected=None,
        selected_run=None,
        sealed_test=None,
        problems=["not finished"],
    )
    show(read_sweeps([sweep("a", {"deep": 0.9}), unfinished]))
    out = capsys.readouterr().out
    assert "digits/b: not finished" in out and "no winner" in out


def test_a_sweep_with_finalists_counts_by_its_fresh_runs(sweep, capsys):
    lucky = row("deep", 1, 0.9, ["deep0"]) | {
        "fresh": {"mean": 0.7, "std": 0.1, "n": 5, "ci95": [0.6, 0.8], "runs": []}
    }
    finals = {"said": ["deep reaches 0.7"]}
    sweeps = read_sweeps(
        [
            sweep("a", {"deep": 0.9}, candidates=[lucky], finals=finals),
            sweep("b", {"wide": 0.8}),
        ]
    )
    show(sweeps)
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "digits/a deep 0.7000 5 1 0.5000 0.4000 to 0.6000" in lines
    (group,) = content(sweeps)["groups"]
    assert [one["measured"]["mean"] for one in group["rows"]] == [0.7, 0.8]
    assert "0.90" not in "".join(group["charts"])


def test_sweeps_by_other_metrics_are_refused(sweep):
    with pytest.raises(BakeoffError, match=r"cannot be compared.*accuracy.*f1"):
        read_sweeps([sweep("a", {"deep": 0.9}), sweep("b", {"deep": 0.9}, metric="f1")])


def test_one_sweep_is_not_enough(sweep):
    folder = sweep("a", {"deep": 0.9})
    with pytest.raises(BakeoffError, match=r"two sweeps or more.*; all 2 are .*/a"):
        read_sweeps([folder, folder])
    with pytest.raises(BakeoffError, match=r"give their folders, or EXPERIMENT/latest$"):
        read_sweeps([folder])


def test_a_candidate_that_other_code_trained_is_said(sweep):
    folders = [sweep("a", {"deep": 0.9, "flat": 0.8}), sweep("b", {"deep": 0.9, "flat": 0.8})]
    for folder, code in zip(folders, ("c0", "c1"), strict=True):
        run = record.read(folder / "deep0")
        run.code = code
        run.write(folder / "deep0")
    assert cautions(read_sweeps(folders)) == [
        "NOT THE SAME CODE: it changed between the sweeps for deep"
    ]


def test_whether_runs_of_one_seed_came_out_equal(sweep):
    means = {"same": 0.9, "other": 0.8, "elsewhere": 0.7}
    sweeps = read_sweeps([sweep("a", means), sweep("b", means | {"other": 0.81})])
    said = {rows[0]["name"]: repeated(sweeps, rows) for rows in shared(sweeps).values()}
    assert said == {
        "same": "equal on 1 common seed",
        "other": "differs on 1 of 1 common seed",
        "elsewhere": "equal on 1 common seed",
    }
    sweeps = read_sweeps([sweep("c", means), sweep("d", means, data="d1")])
    assert repeated(sweeps, next(iter(shared(sweeps).values()))) == (
        "no seed in common on the same data"
    )
    assert [[one.folder.name for one in group] for group in by_data(sweeps)] == [["c"], ["d"]]


def fold(folder, name: str, number: int) -> None:
    run = record.read(folder / name)
    run.overrides = [f"data.fold={number}"]
    run.write(folder / name)


def test_folds_are_data_of_their_own(sweep):
    folders = [sweep(name, {"deep": 0.9}) for name in "ab"]
    for number, folder in enumerate(folders):
        fold(folder, "deep0", number)
    sweeps = read_sweeps(folders)
    assert len(by_data(sweeps)) == 2 and "NOT THE SAME DATA" in cautions(sweeps)[0]
    assert repeated(sweeps, next(iter(shared(sweeps).values()))) == (
        "no seed in common on the same data"
    )


def test_the_folds_of_one_seed_are_no_repetitions(sweep):
    """Both sweeps have the same two runs: one seed on two folds."""
    rows = [row("deep", 1, 0.85, ["deep0", "deep1"])]
    folders = [sweep(name, {"deep": 0.9}, candidates=rows) for name in "ab"]
    for folder in folders:
        fold(folder, "deep0", 0)
        other = replace(record.read(folder / "deep0"), id="deep1", overrides=["data.fold=1"])
        other.metric.value = 0.8
        other.write(folder / "deep1")
    sweeps = read_sweeps(folders)
    assert cautions(sweeps) == []
    assert repeated(sweeps, next(iter(shared(sweeps).values()))) == "equal on 2 common runs"


def test_a_package_of_another_version_is_said(sweep):
    folders = [sweep("a", {"deep": 0.9}), sweep("b", {"wide": 0.9})]
    for folder, name, version in zip(folders, ("deep0", "wide0"), ("1.0", "1.1"), strict=True):
        run = record.read(folder / name)
        run.packages = {"torch": "2", "timm": version}
        run.write(folder / name)
    assert cautions(read_sweeps(folders)) == ["different versions of timm: 1.0, 1.1"]
