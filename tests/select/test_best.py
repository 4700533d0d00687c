"""best/ holds the selected run, and only what can be trusted gets there."""

import shlex

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.select.best import BEST, keep_best
from bakeoff.store import record
from bakeoff.store.digest import file_digest


def test_it_holds_the_best_weights_the_config_and_the_command(sweep, board):
    keep_best(sweep, board)
    best, run = sweep / BEST, record.read(sweep / "run")
    assert file_digest(best / "weights.ckpt") == run.checkpoint.sha256
    assert file_digest(best / "weights.ckpt") != file_digest(sweep / "run/checkpoints/last.ckpt")
    config = (sweep / "run" / ".hydra" / "config.yaml").read_bytes()
    assert (best / "config.yaml").read_bytes() == config
    command = shlex.split((best / "command.txt").read_text())
    assert command[:4] == ["bakeoff", "train", "--config-name", "memory"]
    assert command[-1] == "seed=0"
    assert {path.name for path in best.iterdir()} == {"weights.ckpt", "config.yaml", "command.txt"}


def test_it_holds_what_the_weights_need(sweep, board):
    run = record.read(sweep / "run")
    run.artifacts = ["tokenizer.json"]
    run.write(sweep / "run")
    (sweep / "run" / "tokenizer.json").write_text("words")
    keep_best(sweep, board)
    assert (sweep / BEST / "tokenizer.json").read_text() == "words"


def test_nothing_is_kept_where_nothing_is_selected(sweep, board):
    board.selected_run = None
    keep_best(sweep, board)
    assert not (sweep / BEST).exists()


def test_another_selection_replaces_what_was_kept(sweep, board):
    (sweep / BEST).mkdir()
    (sweep / BEST / "weights.ckpt").write_text("of another run")
    keep_best(sweep, board)
    assert (
        file_digest(sweep / BEST / "weights.ckpt") == record.read(sweep / "run").checkpoint.sha256
    )


def test_damaged_weights_leave_it_as_it_is(sweep, board):
    keep_best(sweep, board)
    before = {path.name: path.read_bytes() for path in (sweep / BEST).iterdir()}
    (sweep / "run" / "checkpoints" / "best.ckpt").write_bytes(b"damaged")
    (sweep / "run" / ".hydra" / "config.yaml").write_text("seed: 99\n")
    with pytest.raises(BakeoffError, match=r"not the file that run.json speaks of"):
        keep_best(sweep, board)
    assert {path.name: path.read_bytes() for path in (sweep / BEST).iterdir()} == before


def test_a_file_in_the_place_of_the_folder_is_said(sweep, board):
    (sweep / "best").write_text("mine")
    with pytest.raises(BakeoffError, match=r"cannot keep the selected run in .*best: File exists"):
        keep_best(sweep, board)
    assert (sweep / "best").read_text() == "mine"
