"""A finished run is read back as it was when it was best."""

import shutil
from dataclasses import replace

import pytest
import torch
from omegaconf import OmegaConf
from tests.run import in_memory

from bakeoff.errors import BakeoffError
from bakeoff.run.read_back import read_config, read_net, read_run
from bakeoff.store import record
from bakeoff.store.checkpoint import checkpoint


@pytest.fixture(scope="module")
def best_first(tmp_path_factory):
    """The folder of a run whose first epoch was its best, so that its last weights are others."""
    folder = tmp_path_factory.mktemp("memory") / "first"
    assert in_memory.run(folder, "task.metric.direction=max", "data.test=20").status == "completed"
    return folder


def net_weights(folder, name):
    state = torch.load(folder / "checkpoints" / f"{name}.ckpt", weights_only=True)["state_dict"]
    return {key.removeprefix("net."): part for key, part in state.items() if key.startswith("net.")}


def test_a_run_comes_back_with_its_best_weights_for_prediction(best_first):
    config, data, module = read_run(best_first, record.read(best_first))
    assert config.data.test == 20
    assert set(data.splits) == {"train", "val"}  # the test data stay closed
    assert not module.training
    best, last = (net_weights(best_first, name) for name in ("best", "last"))
    found = module.net.state_dict()
    assert all(torch.equal(found[key], best[key]) for key in best)
    assert not any(torch.equal(found[key], last[key]) for key in last)


def test_a_net_needs_no_data_and_predicts_the_same_bits(best_first, monkeypatch):
    run = record.read(best_first)
    config, data, module = read_run(best_first, run)
    monkeypatch.setattr(in_memory.Pairs, "load", None)
    net = read_net(config, run, checkpoint(best_first, run)["state_dict"])
    assert not net.training
    inputs = (data.splits["val"].tensors[0] - module.mean) / module.std
    assert torch.equal(net(inputs), module(data.splits["val"].tensors[0]))


def test_a_net_whose_code_changed_since_its_training_is_a_caution(best_first, caplog):
    run, config = record.read(best_first), read_config(best_first)
    state = checkpoint(best_first, run)["state_dict"]
    read_net(config, run, state)
    assert not caplog.text
    read_net(config, replace(run, modules={"acme.gone": "0"}), state)
    assert "acme.gone changed since run first was trained" in caplog.text


def test_other_weights_than_those_recorded_are_refused(best_first):
    run = record.read(best_first)
    run.checkpoint.path = "checkpoints/last.ckpt"
    with pytest.raises(BakeoffError, match=r"not the file that run.json speaks of"):
        read_run(best_first, run)


def test_a_run_is_read_with_as_many_threads_as_it_was_trained_with(best_first, monkeypatch):
    """Results depend on their number in the last bits."""
    asked = []
    monkeypatch.setattr(torch, "set_num_threads", asked.append)
    read_run(best_first, record.read(best_first))
    assert asked == [1]


def saved(folder, content):
    (folder / ".hydra").mkdir()
    OmegaConf.save(OmegaConf.create(content), folder / ".hydra" / "config.yaml")
    return read_config(folder)


def test_what_a_training_started_from_is_in_its_own_weights(tmp_path):
    model = {"embedding": "embedding/latest", "frozen": True}
    config = saved(
        tmp_path,
        {"model": model, "task": {"starts_from": ["model.embedding", "model.none", "no.such"]}},
    )
    assert config.model == {"embedding": None, "frozen": True}
    assert "no" not in config


def test_a_config_without_a_start_stays_as_it_is(tmp_path):
    assert saved(tmp_path, {"model": {"embedding": "x"}}).model.embedding == "x"


def test_a_folder_without_a_config_is_named(tmp_path):
    with pytest.raises(BakeoffError, match=r"cannot read .*config.yaml: No such file"):
        read_config(tmp_path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is not a whole config: model is missing"),
        ("[]", "expected keys, got a list"),
        ("{", "is damaged"),
        (None, "No such file"),
    ],
)
def test_a_damaged_config_is_said(tmp_path, content, said):
    (tmp_path / ".hydra").mkdir()
    if content is not None:
        (tmp_path / ".hydra" / "config.yaml").write_text(content)
    with pytest.raises(BakeoffError, match=said):
        read_config(tmp_path)


def test_weights_that_do_not_fit_the_config_are_said(best_first, tmp_path):
    copy = shutil.copytree(best_first, tmp_path / "run")
    path = copy / ".hydra" / "config.yaml"
    config = OmegaConf.load(path)
    config.model.hidden = [77]
    OmegaConf.save(config, path)
    with pytest.raises(BakeoffError, match="weights do not fit the net"):
        read_run(copy, record.read(copy))


def test_an_edited_config_makes_nothing_that_a_stranger_may_not_make(best_first, tmp_path):
    copy = shutil.copytree(best_first, tmp_path / "copy")
    path = copy / ".hydra" / "config.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text + f"more: {{_target_: os.mkdir, path: {tmp_path}/made}}\n", encoding="utf-8"
    )
    with pytest.raises(BakeoffError, match=r"more: 'os.mkdir': of none of the allowed packages"):
        read_config(copy)
    assert not (tmp_path / "made").exists()


def test_the_folder_of_a_stranger_is_read_where_its_config_is_allowed(
    best_first, tmp_path, monkeypatch
):
    monkeypatch.delenv("BAKEOFF_ALLOW")
    assert read_config(best_first).data.test == 20
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "another user"))
    with pytest.raises(BakeoffError, match=r"in_memory.Pairs': of none of the allowed packages"):
        read_config(best_first)
    monkeypatch.setenv("BAKEOFF_ALLOW", "tests.run.in_memory")
    assert read_config(best_first).data._target_ == "tests.run.in_memory.Pairs"
