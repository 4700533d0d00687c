"""What a config of somebody else's may make, and how a user allows more."""

import re

import pytest
from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.gate.allowances import ALLOW, allowed_by_user
from bakeoff.gate.gate import allowed_only
from bakeoff.store import paths

OWN = "class Net:\n    pass\n\n\nfrom os import system\n"


def refusal(target, **beside):
    with pytest.raises(BakeoffError) as error:
        allowed_only(OmegaConf.create({"model": {"_target_": target, **beside}}), "folder")
    return str(error.value)


@pytest.fixture(autouse=True)
def nothing_more_is_allowed(monkeypatch):
    monkeypatch.delenv(ALLOW, raising=False)


@pytest.fixture
def own_package(tmp_path, monkeypatch):
    (tmp_path / "mypackage_xyz.py").write_text(OWN)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("folder", [paths.conf_dir(), paths.built_in_experiments()], ids=str)
def test_all_that_comes_with_bakeoff_is_allowed(folder):
    named = re.compile(r"_target_:\s*([\w.]+)")
    names = {name for file in folder.rglob("*.yaml") for name in named.findall(file.read_text())}
    names.discard("hydra.utils.get_method")
    config = OmegaConf.create([{"_target_": name} for name in sorted(names) if "hydra" not in name])
    assert allowed_only(config, "folder") == config


@pytest.mark.parametrize(
    "target",
    [
        "torch.nn.functional.relu",
        "torch.optim.lr_scheduler.StepLR",
        "torchmetrics.classification.MulticlassF1Score",
        "pytorch_lightning.callbacks.EarlyStopping",
        "sklearn.ensemble.RandomForestClassifier",
    ],
)
def test_parts_of_the_usual_packages_are_allowed(target):
    assert allowed_only(OmegaConf.create({"x": {"_target_": target}}), "").x._target_ == target


def test_references_are_resolved_once(monkeypatch):
    config = allowed_only(OmegaConf.create({"a": "torch.nn.ReLU", "b": {"_target_": "${a}"}}), "")
    config.a = "os.system"
    assert config.b._target_ == "torch.nn.ReLU"


def test_a_function_may_be_named_by_path_and_by_nothing_else():
    good = {"_target_": "hydra.utils.get_method", "path": "bakeoff.images.boxes.iou_loss"}
    assert allowed_only(OmegaConf.create(good), "") == good
    assert "system" in refusal("hydra.utils.get_method", path="os.system")
    assert "nothing but" in refusal("hydra.utils.get_method", path="torch.nn.ReLU", _partial_=True)
    assert "nothing but" in refusal("hydra.utils.get_method", _args_=["os.system"])


def test_the_message_says_where_and_which_line_to_add(own_package):
    said = refusal("mypackage_xyz.Net")
    assert "folder" in said and "model: 'mypackage_xyz.Net'" in said
    assert 'allow = ["mypackage_xyz"]' in said
    (own_package / "pyproject.toml").write_text("\n".join(said.splitlines()[-2:]))
    assert allowed_by_user() == ["mypackage_xyz"]
    allowed_only(OmegaConf.create({"model": {"_target_": "mypackage_xyz.Net"}}), "folder")
    assert "posix.system" in refusal("mypackage_xyz.system")  # which the package only imports


def test_a_package_is_allowed_by_the_environment(own_package, monkeypatch):
    monkeypatch.setenv(ALLOW, "other, mypackage_xyz.Net")
    allowed_only(OmegaConf.create({"model": {"_target_": "mypackage_xyz.Net"}}), "folder")
    assert "allowed packages" in refusal("mypackage_xyz.system")


def test_nobody_is_advised_to_allow_python_itself():
    assert "[tool.bakeoff]" not in refusal("os.system")
    assert "[tool.bakeoff]" not in refusal("torch.load")
