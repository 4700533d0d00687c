"""The test set is opened once, for the selected run, on test data, and never behind anybody's back."""

import json
import shutil
import threading
from dataclasses import replace

import pytest
import pytorch_lightning as pl
from omegaconf import OmegaConf
from tests.run import in_memory
from tests.run.own_modules import own_config
from torch.nn import functional as F

from bakeoff.errors import BakeoffError
from bakeoff.run.fit import fit
from bakeoff.run.predictions import predictions
from bakeoff.run.read_back import read_run
from bakeoff.select.ledger import LEDGER, OPENING, RESULT, TRAINING, _digest, enter, read_ledger
from bakeoff.select.ranking import select
from bakeoff.select.sealed_test import _tie_set, note_training, read_seal, sealed_test
from bakeoff.store import atomic, record
from bakeoff.sweep.selection import selection_of_sweep


def by_hand(sweep, split):
    """Accuracy and cross-entropy of the best weights."""
    _, data, module = read_run(sweep / "run", record.read(sweep / "run"))
    data.setup("test")
    _, output, targets = predictions(module, data, split)
    right = (output.argmax(dim=1) == targets).double().mean()
    return {"accuracy": float(right), "cross_entropy": float(F.cross_entropy(output, targets))}


def test_the_result_is_that_of_the_best_weights_on_test_data(sweep, board):
    assert sealed_test(sweep, board)
    expected = by_hand(sweep, "test")
    assert {name: board.sealed_test[name] for name in expected} == pytest.approx(expected)
    assert expected != pytest.approx(by_hand(sweep, "val"), rel=1e-3)
    assert board.sealed_test["loss"] == pytest.approx(expected["cross_entropy"])
    assert not any("/" in name for name in board.sealed_test)


def test_the_ledger_says_what_was_opened_and_with_what(sweep, board):
    sealed_test(sweep, board)
    run = record.read(sweep / "run")
    opening, result = read_ledger(sweep)
    assert (opening["event"], result["event"]) == (OPENING, RESULT)
    for line in (opening, result):
        assert line["run"] == run.id == board.selected_run
        assert line["checkpoint_sha256"] == run.checkpoint.sha256
        assert line["data_fingerprint"] == run.data_fingerprint
        assert line["test_fingerprint"] == in_memory.data().test_fingerprint
    assert result["result"] == board.sealed_test


def count_tests(monkeypatch):
    """How often a net is evaluated, in a list that grows."""
    evaluated, test = [], pl.Trainer.test

    def counted(trainer, *arguments, **named):
        evaluated.append(trainer)
        return test(trainer, *arguments, **named)

    monkeypatch.setattr(pl.Trainer, "test", counted)
    return evaluated


def test_it_is_opened_once(sweep, board, monkeypatch):
    evaluated = count_tests(monkeypatch)
    assert sealed_test(sweep, board)
    first, lines = board.sealed_test, (sweep / LEDGER).read_bytes()
    board.sealed_test = None
    assert not sealed_test(sweep, board)
    assert board.sealed_test == first
    assert (sweep / LEDGER).read_bytes() == lines
    assert len(evaluated) == 1


def test_of_two_at_a_time_one_waits_for_the_result_of_the_other(sweep, board, monkeypatch):
    evaluated, opened = count_tests(monkeypatch), []
    threads = [
        threading.Thread(target=lambda: opened.append(sealed_test(sweep, board))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(opened) == [False, True]
    assert len(evaluated) == 1


def test_reading_a_seal_opens_nothing(sweep, board):
    assert not read_seal(sweep, board)
    assert board.sealed_test is None
    assert not (sweep / LEDGER).exists()


def test_an_evaluation_that_breaks_off_counts_as_an_opening(sweep, board, monkeypatch):
    def broken(*_, **__):
        assert [line["event"] for line in read_ledger(sweep)] == [OPENING]
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("pytorch_lightning.Trainer.test", broken)
        with pytest.raises(ZeroDivisionError):
            sealed_test(sweep, board)
    assert board.sealed_test is None
    assert sealed_test(sweep, board)
    assert [line["event"] for line in read_ledger(sweep)] == [OPENING, OPENING, RESULT]


def test_other_data_than_those_of_the_training_are_not_opened(sweep, board, configured):
    configured("data.test=29")
    with pytest.raises(
        BakeoffError, match=r"was trained on other data .* the test set stays closed"
    ):
        sealed_test(sweep, board)
    assert not (sweep / LEDGER).exists()


def test_other_weights_than_those_of_the_training_are_not_tested(sweep, board):
    path = sweep / "run" / "checkpoints" / "best.ckpt"
    path.write_bytes((sweep / "run" / "checkpoints" / "last.ckpt").read_bytes())
    with pytest.raises(BakeoffError, match=r"not the file that run.json speaks of"):
        sealed_test(sweep, board)
    assert not (sweep / LEDGER).exists()


@pytest.mark.parametrize("problems", [[], ["This sweep is not finished."]])
def test_without_a_selected_run_nothing_is_opened(sweep, board, problems):
    board.selected_run, board.problems = None, problems
    with pytest.raises(BakeoffError, match=problems[0] if problems else "no run completed"):
        sealed_test(sweep, board)
    assert not (sweep / LEDGER).exists()


def test_a_result_that_the_ledger_has_lost_is_not_made_again(sweep, board, monkeypatch):
    sealed_test(sweep, board)
    board.write(sweep)
    (sweep / LEDGER).unlink()
    evaluated = count_tests(monkeypatch)
    for read in (read_seal, sealed_test):
        with pytest.raises(BakeoffError, match=r"holds a test result of run run, .* was removed"):
            read(sweep, board)
    assert not evaluated


@pytest.mark.parametrize(
    "written", ["[]", "{", '{"sealed_test": {"a": 1}, "selected_run": "other"}']
)
def test_a_leaderboard_of_another_selection_loses_nothing(sweep, board, written):
    (sweep / "leaderboard.json").write_text(written)
    assert not read_seal(sweep, board)


def test_earlier_openings_of_the_same_data_by_other_sweeps_are_found(sweep, board):
    other = sweep.parents[1] / "other" / "sweep"
    other.mkdir(parents=True)
    fingerprint = in_memory.data().test_fingerprint
    enter(other, OPENING, {"run": "r", "test_fingerprint": fingerprint})
    (line,) = read_ledger(other)
    early = {**line, "time": "2020-01-01T00:00:00+00:00"}
    early["digest"] = _digest(early)
    (other / LEDGER).write_text(json.dumps(early) + "\n")
    sealed_test(sweep, board)
    assert [line["sweep"] for line in board.earlier_openings] == ["other/sweep"]
    shutil.rmtree(other)  # as where a copy of the sweep lies elsewhere
    assert read_seal(sweep, board)
    assert [line["sweep"] for line in board.earlier_openings] == ["other/sweep"]


def test_an_earlier_selection_of_the_same_sweep_is_an_earlier_opening(sweep, board):
    enter(sweep, OPENING, {"run": "another", "test_fingerprint": "x"})
    sealed_test(sweep, board)
    assert [line["run"] for line in board.earlier_openings] == ["another"]


def test_training_is_noted_after_an_opening_only(sweep, board):
    note_training(sweep, ["more"])
    assert not (sweep / LEDGER).exists()
    sealed_test(sweep, board)
    assert board.after_opening == ""
    note_training(sweep, ["more"])
    assert read_ledger(sweep)[-1]["event"] == TRAINING
    assert not sealed_test(sweep, board)  # the result stands
    assert "has trained 1 run since" in board.after_opening


def test_the_result_has_an_interval_over_examples_and_words_for_the_gap(sweep, board):
    sealed_test(sweep, board)
    low, high = board.sealed_test_ci95["accuracy"]
    assert low < board.sealed_test["accuracy"] < high
    assert board.sealed_test_units == "30 examples"
    assert "than this run's validation result" in board.sealed_test_gap
    assert "loss" not in board.sealed_test_ci95  # no metric of the task
    again = replace(board, sealed_test_ci95={}, sealed_test_gap="")
    assert read_seal(sweep, again)
    assert (again.sealed_test_ci95, again.sealed_test_gap) == (
        {name: list(bounds) if bounds else None for name, bounds in board.sealed_test_ci95.items()},
        board.sealed_test_gap,
    )


def test_an_interval_that_fails_costs_no_result(sweep, board, monkeypatch, caplog):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("bakeoff.select.opening.intervals", broken)
    assert sealed_test(sweep, board)
    assert board.sealed_test and board.sealed_test_ci95 == {}
    assert "has no interval" in caplog.text


def test_a_ledger_without_intervals_is_read(sweep, board):
    enter(sweep, RESULT, {"run": "run", "test_fingerprint": "t", "result": {"cross_entropy": 0.5}})
    assert read_seal(sweep, board)
    assert (board.sealed_test, board.sealed_test_ci95) == ({"cross_entropy": 0.5}, {})


@pytest.fixture
def tie_set(sweep, configured):
    """Three runs of each of two candidates that cannot be told apart; the test is for both."""
    configured("selection.margin=null", "selection.prefer=null", "selection.run=median")
    configured("selection.test=tie_set")
    values = {"a": (0.50, 0.52, 0.54), "b": (0.51, 0.53, 0.52)}
    for candidate, own in values.items():
        for seed, value in enumerate(own):
            folder = sweep / f"{candidate}{seed}"
            shutil.copytree(sweep / "run", folder)
            run = record.read(folder)
            run.id, run.candidate, run.candidate_id, run.seed = (
                folder.name,
                candidate,
                candidate,
                seed,
            )
            run.metric.value = value
            run.write(folder)
    shutil.rmtree(sweep / "run")
    return select(record.read_all(sweep), selection=selection_of_sweep(sweep))


def test_the_test_set_is_opened_once_for_all_that_may_be_the_best(sweep, tie_set):
    assert sealed_test(sweep, tie_set)
    lines = read_ledger(sweep)
    assert [(line["event"], line["run"]) for line in lines] == [
        *((OPENING, tie_set.selected_run), (OPENING, "b2")),
        *((RESULT, "b2"), (RESULT, tie_set.selected_run)),
    ]
    (other,) = tie_set.sealed_test_against
    # The weights are the same, so the results are.
    assert (other["run"], other["candidate"], other["difference"]) == ("b2", "b", 0.0)
    assert tie_set.earlier_openings == []
    assert not sealed_test(sweep, tie_set)
    assert len(read_ledger(sweep)) == 4


@pytest.mark.parametrize(
    ("kind", "names"), [("Own", {"accuracy", "cost"}), ("Tested", {"accuracy"})]
)
def test_a_lightning_module_of_the_users_own_is_tested_by_its_own_steps(tmp_path, kind, names):
    sweep = tmp_path / "outputs" / "memory" / "sweep"
    metric = record.Metric("accuracy", "max")
    made = record.RunRecord("run", "running", "memory", "pairs", "own", [], 0, metric)
    config = own_config(kind)
    atomic.write_text(sweep / "run" / ".hydra" / "config.yaml", OmegaConf.to_yaml(config))
    fit(config, made, sweep / "run", show_progress=False)
    made.write(sweep / "run")
    found = select(record.read_all(sweep))
    assert sealed_test(sweep, found)
    assert set(found.sealed_test) == names
    data = in_memory.data()
    _, _, module = read_run(sweep / "run", made)
    x, y = data.splits["test"][:]
    right = float((module(x).argmax(dim=1) == y).float().mean())
    assert found.sealed_test["accuracy"] == pytest.approx(right if kind == "Own" else 0.25)


def test_after_finalists_only_those_are_tested_that_fresh_seeds_do_not_tell_apart(sweep, tie_set):
    pair = {"a": "a", "b": "b", "adjusted_p": 0.01}
    for p, runs in ((0.01, [tie_set.selected_run]), (0.2, [tie_set.selected_run, "b0"])):
        tie_set.finals = {"pairs": [pair | {"adjusted_p": p}]}
        for row in tie_set.candidates:
            row.fresh = {"runs": row.runs[:2]}  # the median of two is the worse
        assert _tie_set(sweep, tie_set, selection_of_sweep(sweep)) == runs
