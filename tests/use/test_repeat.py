"""A run that is trained again, and the numbers of both."""

from dataclasses import replace

import pytest
import torch
from tests.run import in_memory

from bakeoff.errors import BakeoffError
from bakeoff.store import record
from bakeoff.store.digest import file_digest
from bakeoff.use.repeat import changes, differences, train_again


@pytest.fixture
def trained(tmp_path):
    run = in_memory.run(tmp_path / "first", "data_dir=outputs/data")
    assert run.status == "completed", run.error
    return tmp_path, run


def test_on_the_same_machine_every_number_comes_out_equal(trained):
    folder, run = trained
    again = train_again(folder / "first", run, folder / "again")
    found, count = differences(folder / "first", run, folder / "again", again)
    assert found == []
    assert count > 20
    assert record.read(folder / "again").metrics == again.metrics
    assert (again.id, again.seed) == (run.id, run.seed)


def test_what_differs_is_named_with_both_values(trained):
    folder, run = trained
    again = train_again(folder / "first", run, folder / "again")
    other = replace(again, epochs=7, metrics=again.metrics | {"accuracy": 0.125})
    found, _ = differences(folder / "first", run, folder / "again", other)
    assert [(one.name, one.now) for one in found] == [("epochs", 7), ("metrics: accuracy", 0.125)]


def test_a_changed_weight_is_found(trained):
    folder, run = trained
    again = train_again(folder / "first", run, folder / "again")
    path = folder / "again" / again.checkpoint.path
    content = torch.load(path, weights_only=True)
    name = next(iter(content["state_dict"]))
    content["state_dict"][name].view(-1)[0] += 1e-3
    torch.save(content, path)
    again.checkpoint = replace(again.checkpoint, sha256=file_digest(path))
    again.checkpoint_bytes = path.stat().st_size
    found, _ = differences(folder / "first", run, folder / "again", again)
    assert [one.name for one in found] == [f"weights: {name}"]


def test_what_has_changed_since_is_said(trained):
    folder, run = trained
    same = run.environment | {"dirty": False}
    assert changes(folder / "first", replace(run, code=None, environment=same)) == []
    older = same | {"packages": run.environment["packages"] | {"torch": "1.0"}, "dirty": True}
    packages, code, folder_changed = changes(
        folder / "first", replace(run, environment=older, code="another")
    )
    assert packages.startswith("torch was 1.0, now ")
    imported = replace(run, code=None, environment=same, packages={"torch": "1", "timm": "1.0"})
    assert changes(folder / "first", imported) == ["timm (1.0, now not installed)"]
    assert "code" in code and "changes" in folder_changed


def test_a_training_that_fails_says_why(trained):
    folder, run = trained
    config = folder / "first" / ".hydra" / "config.yaml"
    config.write_text(config.read_text().replace("activation: tanh", "activation: nonsense"))
    with pytest.raises(BakeoffError, match=r"failed: .*nonsense"):
        train_again(folder / "first", run, folder / "again")


def test_the_config_of_a_stranger_trains_only_what_is_allowed(trained):
    folder, run = trained
    config = folder / "first" / ".hydra" / "config.yaml"
    config.write_text(config.read_text() + "more: {_target_: os.mkdir, path: made}\n")
    for attempt in (changes, lambda *given: train_again(*given, folder / "again")):
        with pytest.raises(BakeoffError, match=r"not written by you.*\n.*'os.mkdir'"):
            attempt(folder / "first", replace(run, code="another"))
    assert not (folder / "again").exists()
