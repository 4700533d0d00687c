"""What is listed for a user to choose from."""

from pathlib import Path

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.store import paths
from bakeoff.sweep.compose.choices import everything, groups, options
from bakeoff.sweep.compose.compose import Composer, config_loader
from bakeoff.sweep.plan import plan


def lines_of(text: str, name: str) -> list[str]:
    return [line for line in text.splitlines() if line.split()[:1] == [name]]


def test_experiments_and_groups_have_a_line_of_description_each(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "experiments").mkdir()
    (tmp_path / "experiments" / "mine.yaml").write_text("# Is mine better? I hope so.\nseed: 0\n")
    (tmp_path / "experiments" / "detection.yaml").write_text("# My own detection.\nseed: 0\n")
    said = everything()
    [mine] = lines_of(said, "mine")
    assert mine.split(maxsplit=1)[1] == "Is mine better?"
    [theirs] = lines_of(said, "localization")
    assert theirs.endswith("Which LeNet5 finds and names a digit best?")
    assert "My own detection." in said and "finds and names several digits" not in said
    for name, text in groups().items():
        assert text and any(line.endswith(text) for line in lines_of(said, name))


def test_the_groups_are_the_folders_of_the_configuration():
    folders = {path.name for path in paths.conf_dir().iterdir() if path.is_dir()}
    assert set(groups()) == folders


def test_options_of_the_users_own_are_listed_with_the_others(tmp_path: Path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "wide.yaml").write_text("# Mine, and wide.\n_target_: wide.Wide\n")
    overrides = [f"hydra.searchpath=[file://{tmp_path}]", "model="]
    with pytest.raises(BakeoffError) as error:
        plan("localization", overrides, paths.experiment_dir("localization"))
    said = str(error.value)
    assert said.startswith("model=: no such option; there are\n")
    assert lines_of(said, "wide")[0].endswith("Mine, and wide.")
    assert lines_of(said, "lenet5/deep")[0].endswith("12 and 32 feature maps.")


def test_options_that_are_no_files_are_listed_too():
    with config_loader(None) as loader:
        found = options("hydra/launcher", Composer(loader, "config", []))
    assert "  processes" in found and "  basic" in found
