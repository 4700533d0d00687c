"""Trainings that start from earlier weights, or go on where another stopped."""

import pytest
import torch
from omegaconf import OmegaConf
from torch import nn

from bakeoff.errors import BakeoffError
from bakeoff.identity.run_id import run_id
from bakeoff.run.parts.initial_weights import read_weights, start_from, try_checkpoint
from bakeoff.store import record


def net(classes=3):
    return nn.Sequential(nn.Linear(2, 4), nn.Linear(4, classes))


def saved(path, module, **more):
    state = {f"net.{name}": value for name, value in module.state_dict().items()}
    torch.save({"state_dict": {**state, "mean": torch.zeros(1)}, **more}, path)
    return path


def config(**keys):
    return OmegaConf.create(
        {"init_from": None, "ckpt_path": None, "trainer": {"max_epochs": 4}, **keys}
    )


def test_what_fits_is_taken_and_what_does_not_is_listed(tmp_path, caplog):
    theirs, ours = net(5), net(3)
    head = ours[1].weight.clone()
    start_from(ours, config(init_from=str(saved(tmp_path / "a.ckpt", theirs))))
    assert torch.equal(ours[0].weight, theirs[0].weight)
    assert torch.equal(ours[1].weight, head)
    assert "2 of 4 tensors fit" in caplog.text
    assert "1.weight (5x4 there, 3x4 here), 1.bias (5 there, 3 here)" in caplog.text


def test_weights_of_a_plain_state_dict_fit_without_a_word(tmp_path, caplog):
    theirs, ours = net(), net()
    torch.save(theirs.state_dict(), tmp_path / "a.pt")
    start_from(ours, config(init_from=str(tmp_path / "a.pt")))
    assert torch.equal(ours[1].bias, theirs[1].bias)
    assert not caplog.text


def test_weights_of_a_run(word_run):
    folder = word_run("earlier", ["a", "b"], torch.ones(2, 3))
    assert read_weights(str(folder))["embedding.weight"].shape == (2, 3)


@pytest.mark.parametrize("given", ["nothing", "text"])
def test_what_holds_no_weights_is_refused(tmp_path, monkeypatch, given):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text").write_text("words")
    with pytest.raises(
        BakeoffError, match=f"init_from={given}: (no such file|not a file of weights)"
    ):
        start_from(net(), config(init_from=given))


def test_weights_of_which_none_fits_are_refused(tmp_path):
    torch.save({"other": torch.ones(1)}, tmp_path / "a.pt")
    with pytest.raises(
        BakeoffError, match="none of its 1 tensors fits this model: only there: other"
    ):
        start_from(net(), config(init_from=str(tmp_path / "a.pt")))


def checkpoint(path, module, epoch=1, **more):
    return str(saved(path, module, epoch=epoch, optimizer_states=[], global_step=20, **more))


def test_a_training_that_can_go_on(tmp_path):
    path = checkpoint(tmp_path / "a.ckpt", net())
    assert try_checkpoint(config(ckpt_path=path), net()) is None  # no mistake
    assert try_checkpoint(config(), net()) is None


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda path: "x.ckpt", "ckpt_path=x.ckpt: no such file"),
        (lambda path: str(saved(path, net())), "not a checkpoint of a training"),
        (lambda path: checkpoint(path, net(5)), "a checkpoint of another model: of another shape"),
        (lambda path: checkpoint(path, net(), epoch=3), "has done 4 epochs, trainer.max_epochs=4"),
        (
            lambda path: checkpoint(path, net(), lr_schedulers=[{"total_steps": 20}]),
            "schedule ends after 20 steps, and 4 epochs are about 40",
        ),
        (
            lambda path: checkpoint(path, net(), lr_schedulers=[{"last_epoch": 20}]),
            "its training had a learning-rate schedule, and this one has none: choose the scheduler",
        ),
    ],
)
def test_a_training_that_cannot_go_on_is_refused(tmp_path, made, said):
    with pytest.raises(BakeoffError, match=said):
        try_checkpoint(config(ckpt_path=made(tmp_path / "a.ckpt")), net())


def test_one_start_is_enough(tmp_path):
    path = checkpoint(tmp_path / "a.ckpt", net())
    with pytest.raises(BakeoffError, match="init_from is set too"):
        try_checkpoint(config(ckpt_path=path, init_from=path), net())


def test_the_content_of_the_start_counts_in_the_runs_id(tmp_path):
    paths = [saved(tmp_path / f"{name}.ckpt", net()) for name in "abc"]
    paths[1].write_bytes(paths[0].read_bytes())
    for key in ("init_from", "ckpt_path"):
        same, moved, other = (run_id(config(**{key: str(path)})) for path in paths)
        assert same == moved != other
        assert same != run_id(config())


def test_a_training_goes_on_where_another_stopped(workplace):
    def train(name, *overrides):
        settings = [
            "task=classification",
            "data_dir=data",
            "scheduler=constant",
            "model.hidden=[8]",
        ]
        done = workplace.run("train", *settings, *overrides, f"hydra.run.dir=outputs/{name}")
        assert done.returncode == 0, done.stderr
        return record.read(workplace.folder / "outputs" / name)

    train("first", "trainer.max_epochs=1")
    last = "outputs/first/checkpoints/last.ckpt"
    run = train("second", "trainer.max_epochs=2", f"ckpt_path={last}")
    assert (run.epochs, run.metric.epoch) == (2, 1)
    steps = [
        torch.load(
            workplace.folder / "outputs" / name / "checkpoints" / "last.ckpt", weights_only=True
        )
        for name in ("first", "second")
    ]
    assert steps[1]["global_step"] == 2 * steps[0]["global_step"]


def test_a_module_of_its_own_kind_has_all_its_weights_in_a_checkpoint(tmp_path):
    module = nn.ModuleDict({"net": nn.Linear(2, 2), "head": nn.Linear(2, 1)})
    weights = {name: torch.ones_like(value) for name, value in module.state_dict().items()}
    torch.save({"state_dict": weights}, tmp_path / "a.ckpt")
    start_from(module, OmegaConf.create({"init_from": str(tmp_path / "a.ckpt")}), prefix="")
    assert all(bool((p == 1).all()) for p in module.parameters())
