"""A sweep whose runs train together, against the same sweep with a process for each run."""

import json

import pytest

from bakeoff.cli import main
from bakeoff.store import record

SMALL = [
    *(
        "task=classification",
        "data=classification/digits",
        "model=mlp/standard",
        "model.hidden=[16]",
    ),
    *("trainer.max_epochs=2", "seed=0,1,2", "optimizer.lr=1e-3,3e-2", "-m"),
]


def trained(folder, monkeypatch, *more):
    """The records of a sweep by id."""
    folder.mkdir()
    monkeypatch.chdir(folder)
    main(["train", *SMALL, *more])
    (sweep,) = (p for p in (folder / "outputs" / "train").iterdir() if not p.is_symlink())
    return sweep, {run.id: run for run in record.read_all(sweep)}


@pytest.mark.slow
def test_each_run_leaves_what_it_leaves_alone(tmp_path, monkeypatch, capfd):
    _, alone = trained(tmp_path / "alone", monkeypatch)
    sweep, together = trained(tmp_path / "together", monkeypatch, "hydra/launcher=fused")
    assert "train alone" not in capfd.readouterr().err
    assert together.keys() == alone.keys()
    for name, one in alone.items():
        other = together[name]
        assert other.status == "completed" and other.code == one.code
        assert other.metrics == pytest.approx(one.metrics, abs=1e-3)
        assert (other.candidate, other.seed, other.epochs) == (one.candidate, one.seed, one.epochs)
        files = {p.name for p in (sweep / name).iterdir()}
        assert {".hydra", "checkpoints", "curves.json", "run.json", "train.log"} <= files
        assert json.loads((sweep / name / "curves.json").read_text())["val/accuracy"]


@pytest.mark.slow
def test_nets_that_cannot_be_stacked_train_alone_and_say_so(tmp_path, monkeypatch, capfd):
    _, runs = trained(
        tmp_path / "by_hand", monkeypatch, "hydra/launcher=fused", "model=scratch/mlp", "seed=0,1",
        "optimizer.lr=1e-3",
    )  # fmt: skip
    assert "2 runs train alone: the net computes its gradients by hand" in capfd.readouterr().err
    assert [run.status for run in runs.values()] == ["completed", "completed"]
