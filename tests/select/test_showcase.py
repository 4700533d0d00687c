"""Exhibits of the selected run: each split under its own name, all of them or none."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image
from tests.run import in_memory

from bakeoff.run.predictions import predictions
from bakeoff.run.read_back import read_run
from bakeoff.select.drawn import SHOWCASE, is_drawn
from bakeoff.select.ranking import select
from bakeoff.select.showcase import (
    draw_gradients,
    draw_showcase,
    project,
)
from bakeoff.showcase.projector import PROJECTOR_FILE, Projection
from bakeoff.store import record

LISTED = f"task.showcase._target_={in_memory.__name__}.Listed"


def table(sweep, name):
    return json.loads((sweep / SHOWCASE / f"{name}.json").read_text())


def test_each_split_is_shown_under_its_own_name(sweep, board, configured):
    configured("task.showcase={}", LISTED, "seed=5")
    draw_showcase(sweep, board)
    _, data, module = read_run(sweep / "run", record.read(sweep / "run"))
    data.setup("test")
    for split, title in (("val", "validation"), ("test", "test")):
        _, output, targets = predictions(module, data, split)
        shown = table(sweep, f"{title}-all-answers")
        assert [row[0] for row in shown["rows"]] == targets.tolist()
        assert np.array([row[1:] for row in shown["rows"]]) == pytest.approx(output.numpy())
        assert shown["note"] == "seed 5"
    assert len(table(sweep, "validation-all-answers")["rows"]) == 40
    assert len(table(sweep, "test-all-answers")["rows"]) == 30


def test_it_is_drawn_when_all_of_it_is_there(sweep, board, configured, monkeypatch):
    configured("task.showcase={}", LISTED)
    assert not is_drawn(sweep, board)
    with monkeypatch.context() as patch:
        patch.setattr("bakeoff.select.showcase.draw_gradients", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            draw_showcase(sweep, board)
    assert table(sweep, "test-all-answers")
    assert not is_drawn(sweep, board)
    draw_showcase(sweep, board)
    assert is_drawn(sweep, board)
    board.selected_run = "another"
    assert not is_drawn(sweep, board)


def test_what_another_selection_has_left_is_removed(sweep, board, configured):
    configured("task.showcase={}", LISTED)
    (sweep / SHOWCASE).mkdir()
    (sweep / SHOWCASE / "test-old.png").write_text("old")
    draw_showcase(sweep, board)
    assert not (sweep / SHOWCASE / "test-old.png").exists()


def test_a_task_without_a_showcase_is_drawn_at_once(sweep, board):
    draw_showcase(sweep, board)
    assert [path.name for path in (sweep / SHOWCASE).iterdir()] == ["complete.txt"]
    assert is_drawn(sweep, board)


BY_HAND = "model._target_=bakeoff.nets.scratch.twins.mlp"


def test_gradients_by_hand_are_checked_of_the_best_candidate_that_has_them(tmp_path, monkeypatch):
    sweep = tmp_path / "memory" / "sweep"
    in_memory.run(sweep / "plain", "trainer.max_epochs=2")
    for name, model in (("hand", BY_HAND), ("second", BY_HAND)):
        in_memory.run(sweep / name, model, "optimizer.lr=0.01", "trainer.max_epochs=1")
    for name, value in (("plain", 0.1), ("second", 0.2), ("hand", 0.3)):
        run = record.read(sweep / name)
        run.candidate, run.metric.value = name, value
        run.write(sweep / name)
    board = select(record.read_all(sweep))
    assert board.selected_run == "plain"
    shown = []
    monkeypatch.setattr(
        "bakeoff.select.showcase.draw_differences",
        lambda differences, title: shown.append((differences, title)) or Image.new("RGB", (2, 2)),
    )
    draw_gradients(sweep, board)
    ((differences, title),) = shown
    assert title.startswith("second, run second: hand-written gradients")
    assert len(differences) == 4
    assert max(difference.autograd for difference in differences) < 1e-10
    assert (sweep / SHOWCASE / "gradients-by-hand.png").is_file()


def test_without_gradients_by_hand_there_is_no_such_picture(sweep, board):
    draw_gradients(sweep, board)
    assert not (sweep / SHOWCASE).exists()


def test_the_projector_shows_the_selected_run_alone(tmp_path):
    runs = [SimpleNamespace(runs=["a", "b"]), SimpleNamespace(runs=["lost", "c"])]
    for name in "abc":
        (tmp_path / name / "mlp seed=0").mkdir(parents=True)
        (tmp_path / name / "mlp seed=0" / "events.out.tfevents.1.host.2.0").touch()
    projection = Projection("layer", torch.ones(1, 2), ["class", "answer"], [["x", "right"]])
    for selected in ("a", "c"):
        board = SimpleNamespace(candidates=runs, selected_run=selected)
        project(tmp_path, board, projection)
        [found] = tmp_path.glob(f"*/*/{PROJECTOR_FILE}")
        assert found.parts[-3] == selected
    project(tmp_path, board, None)  # of a net that has no layer
