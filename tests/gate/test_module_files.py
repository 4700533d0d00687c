"""The files of modules, found without importing anything."""

import sys
from pathlib import Path

import pytest

from bakeoff.gate.module_files import exists, lies_below, sources


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with a module, a package, and an environment below it."""
    work = tmp_path / "work"
    site = work / ".venv" / "lib" / "site-packages"
    for place in (work / "pack_xyz", site, tmp_path / "elsewhere", work / "spaced_xyz"):
        place.mkdir(parents=True)
    (work / "alone_xyz.py").write_text("raise SystemExit\n")
    (work / "pack_xyz" / "__init__.py").write_text("")
    (work / "pack_xyz" / "nets.py").write_text("")
    (work / "spaced_xyz" / "nets.py").write_text("")
    (site / "installed_xyz.py").write_text("")
    (tmp_path / "elsewhere" / "away_xyz.py").write_text("")
    (work / "linked_xyz.py").symlink_to(tmp_path / "elsewhere" / "away_xyz.py")
    for place in (work, site, tmp_path / "elsewhere"):
        monkeypatch.syspath_prepend(place)
    return work


@pytest.mark.parametrize(
    ("name", "is_below"),
    [
        ("alone_xyz.Net", True),
        ("pack_xyz.nets.Net.part", True),
        ("spaced_xyz.nets.Net", True),
        ("installed_xyz.Net", False),
        ("away_xyz.Net", False),
        ("linked_xyz.Net", False),
        ("os.system", False),
        ("torch.nn.ReLU", False),
        ("no_such_xyz.Net", False),
    ],
)
def test_modules_below_a_folder_are_told_from_installed_ones_and_others(folder, name, is_below):
    assert lies_below(folder, name) == is_below


def test_bakeoff_itself_is_nobodys_own_code():
    top = Path(sys.modules["bakeoff"].__file__).parents[2]
    assert not lies_below(top, "bakeoff.store.removal.remove")


def test_nothing_is_imported(folder):
    assert [name for name, _ in sources("alone_xyz.Net")] == ["alone_xyz"]
    assert exists("alone_xyz.Net") and exists("sys.path") and not exists("no_such_xyz.Net")
    assert "alone_xyz" not in sys.modules
