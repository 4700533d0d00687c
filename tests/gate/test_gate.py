"""The gate on configs: what is composed, and what is somebody else's."""

import sys

import pytest
from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.gate.allowances import ALLOW
from bakeoff.gate.allowed import rule_for_composed
from bakeoff.gate.gate import allowed_only, look, names_in, refuse, refuse_objects

OWN = """
import functools, joblib
from os import system
from torch.nn import Linear


class Net(Linear):
    pass


class Builder:
    def __call__(self):
        return Net(1, 1)


def build():
    return Net(1, 1)


built, partial, loading = Builder(), functools.partial(Net, 1), functools.partial(joblib.load)
cached = functools.cache(build)
"""


@pytest.fixture(autouse=True)
def own_code(tmp_path, monkeypatch):
    """A working folder with a module of the user's own, and an installed package elsewhere."""
    monkeypatch.setenv(ALLOW, "")
    for name in ("mine_xyz", "package_xyz", "quits_xyz"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "mine_xyz.py").write_text(OWN)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "package_xyz.py").write_text("class Net:\n    pass\n")
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.syspath_prepend(tmp_path / "elsewhere")
    monkeypatch.syspath_prepend(tmp_path / "work")


def composed(target, **beside):
    return OmegaConf.create({"model": {"_target_": target, **beside}})


@pytest.mark.parametrize("name", ["Net", "build", "built", "partial", "cached", "Linear"])
def test_own_code_below_the_working_directory_needs_no_flag(name):
    config = composed(f"mine_xyz.{name}")
    looked = look(config, rule_for_composed())
    assert looked.names == {f"mine_xyz.{name}": "model"} and looked.lines() == []
    refuse(config)  # by its object too


@pytest.mark.parametrize("name", ["system", "joblib.load", "loading", "functools.reduce"])
def test_what_own_code_only_imports_is_not_its_own(name):
    with pytest.raises(
        BakeoffError, match=r"model: 'mine_xyz\..*, of none of the allowed packages"
    ):
        refuse(composed(f"mine_xyz.{name}"))


def test_own_code_is_a_strangers_in_a_folder_that_is_read_back():
    with pytest.raises(BakeoffError, match=r"not written by you.*\n.*mine_xyz.Net"):
        allowed_only(composed("mine_xyz.Net"), "folder")


def test_a_package_elsewhere_is_refused_with_the_words_that_allow_it(monkeypatch):
    config = composed("package_xyz.Net")
    with pytest.raises(BakeoffError) as error:
        refuse(config)
    assert "--allow package_xyz" in str(error.value)
    monkeypatch.setenv(ALLOW, "package_xyz")
    refuse(config)


def test_a_name_that_is_nowhere_is_left_to_the_check_that_knows_why():
    refuse(composed("no_such_package_xyz.Net"))
    refuse(composed("mine_xyz.NoSuchNet"))
    refuse(composed("???"))


def test_lightnings_loggers_are_allowed_to_ones_own_config_only():
    config = composed("pytorch_lightning.loggers.WandbLogger")
    refuse(config)
    with pytest.raises(BakeoffError, match=r"of a kind that is not allowed"):
        allowed_only(config, "folder")


def test_all_refusals_come_in_one_message_with_the_keys():
    config = OmegaConf.create(
        {
            "a": {"_target_": "os.system"},
            "b": [{"_target_": "package_xyz.Net", "x": {"_target_": "joblib.load"}}],
            "c": {"token": "abc-123"},
        }
    )
    first, *lines = look(config, rule_for_composed()).lines()
    assert "the config names what is not allowed" in first
    assert [line.split(":")[0] for line in lines[:3]] == ["  a", "  b[0]", "  b[0].x"]
    assert lines[-1].startswith("c.token: a secret is never written")
    assert "abc-123" not in "\n".join(lines)


def test_nothing_is_imported_before_the_look_at_objects():
    looked = look(composed("mine_xyz.system"), rule_for_composed())
    assert looked.names == {"mine_xyz.system": "model"} and "mine_xyz" not in sys.modules
    with pytest.raises(BakeoffError, match=r"leads to something.*\n.*posix.system"):
        refuse_objects(looked.names)


def test_trusted_names_are_not_looked_at():
    looked = look(composed("os.system"), rule_for_composed(), trusted={"os.system"})
    assert (looked.names, looked.lines()) == ({}, [])


def test_names_are_seen_although_another_part_cannot_be_resolved():
    config = OmegaConf.create(
        {
            "a": {
                "x": "${missing}",
                "missing": "???",
                "y": "${oc.create:'{_target_: os.system}'}",
                "z": [{"_target_": "joblib.load"}, "${no.such}"],
                "w": {"_target_": "${no.such}"},
            },
            "missing": "???",
        }
    )
    assert names_in(config) == {"os.system", "joblib.load", ""}
    assert len(look(config, rule_for_composed()).refused) == 3


def test_code_that_ends_the_process_when_it_is_imported_is_said(tmp_path):
    (tmp_path / "work" / "quits_xyz.py").write_text("raise SystemExit(0)\n")
    with pytest.raises(BakeoffError, match=r"model: quits_xyz.Net: its code ends the process"):
        refuse(composed("quits_xyz.Net"))


def test_a_cache_of_pickles_is_refused():
    with pytest.raises(BakeoffError, match=r"pickles"):
        refuse(composed("sklearn.pipeline.Pipeline", memory="cache"))
