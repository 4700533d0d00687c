"""Packages on the search path are imported only where they are the user's own, or allowed."""

import os
import subprocess
import sys

import pytest
from hydra.types import RunMode

from bakeoff.errors import BakeoffError
from bakeoff.sweep.compose.compose import Composer, config_loader

PATH = "hydra.searchpath=[pkg://strange.configs]"


@pytest.fixture
def strange(tmp_path, monkeypatch):
    """A package that is installed somewhere else than here, and whose import shows."""
    place, here = tmp_path / "site", tmp_path / "here"
    for folder in (place / "strange", place / "strange" / "configs"):
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("")
    (place / "strange" / "__init__.py").write_text("raise SystemExit('imported')\n")
    (place / "strange" / "configs" / "model").mkdir()
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.syspath_prepend(place)
    yield place / "strange"
    for name in [name for name in sys.modules if name.partition(".")[0] == "strange"]:
        del sys.modules[name]


def composed():
    with config_loader(None) as loader:
        return Composer(loader, "config", [PATH]).compose([PATH], RunMode.RUN)


def test_a_strangers_package_is_refused_before_it_is_imported(strange):
    with pytest.raises(BakeoffError, match=r"pkg://strange\.configs: .*add --allow strange"):
        composed()
    assert "strange" not in sys.modules


def test_a_package_that_the_user_allows_is_searched(strange, monkeypatch):
    (strange / "__init__.py").write_text("")
    monkeypatch.setenv("BAKEOFF_ALLOW", "strange")
    assert composed().hydra.searchpath == ["pkg://strange.configs"]
    assert "strange.configs" in sys.modules


def test_ones_own_package_needs_no_option(strange, monkeypatch):
    (strange / "__init__.py").write_text("")
    monkeypatch.chdir(strange.parent)
    assert composed().hydra.searchpath == ["pkg://strange.configs"]


def test_the_plain_application_refuses_it_too(strange):
    done = subprocess.run(
        [sys.executable, "-m", "bakeoff", "train", PATH, "--cfg", "job"],
        env=os.environ | {"PYTHONPATH": str(strange.parent)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and "imported" not in done.stderr.split()
    assert "add --allow strange" in done.stderr and "Traceback" not in done.stderr
