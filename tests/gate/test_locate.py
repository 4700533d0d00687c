"""The object of a dotted name."""

import subprocess

import pytest
from hydra.utils import get_object

from bakeoff.gate.locate import locate


@pytest.mark.parametrize("name", ["json.decoder.JSONDecoder.decode", "os.path", "xml.dom.minidom"])
def test_it_is_what_hydra_finds(name):
    assert locate(name) is get_object(name)


def test_an_attribute_comes_before_a_module(tmp_path, monkeypatch):
    (tmp_path / "shadow_xyz").mkdir()
    (tmp_path / "shadow_xyz" / "__init__.py").write_text("from subprocess import run as part\n")
    (tmp_path / "shadow_xyz" / "part.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    assert locate("shadow_xyz.part") is get_object("shadow_xyz.part") is subprocess.run


@pytest.mark.parametrize("name", ["json.Nope", "json.nope.Nope", "json.JSONDecoder.nope"])
def test_what_is_nowhere_is_said_in_words(name):
    with pytest.raises(AttributeError, match=r"has no attribute 'nope'|has no attribute 'Nope'"):
        locate(name)


@pytest.mark.parametrize("name", ["", ".", "..x", "json.", "no_such_xyz.Net"])
def test_what_is_no_name_is_an_import_error(name):
    with pytest.raises(ImportError):
        locate(name)


def test_what_a_module_lacks_itself_is_raised(tmp_path, monkeypatch):
    (tmp_path / "lacks_xyz").mkdir()
    (tmp_path / "lacks_xyz" / "__init__.py").write_text("")
    (tmp_path / "lacks_xyz" / "part.py").write_text("import no_such_module_xyz\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match=r"no_such_module_xyz"):
        locate("lacks_xyz.part.Net")
