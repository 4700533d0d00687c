"""Composing outside of Hydra's application."""

from pathlib import Path

import pytest
from hydra.core.global_hydra import GlobalHydra
from hydra.types import RunMode

from bakeoff.errors import BakeoffError
from bakeoff.store import paths
from bakeoff.sweep.compose.compose import Composer, config_loader

LOCALIZATION = paths.experiment_dir("localization")


def test_a_configs_own_mode_can_be_told():
    with config_loader(LOCALIZATION) as loader:
        swept = Composer(loader, "localization", []).compose([], RunMode.MULTIRUN)
        single = Composer(loader, "config", []).compose(["seed=3"], RunMode.RUN)
    assert swept.hydra.mode == RunMode.MULTIRUN
    assert single.hydra.mode is None and single.seed == 3
    assert not GlobalHydra.instance().is_initialized()


def test_a_folder_beside_bakeoffs_own_is_searched_as_after_config_dir(tmp_path: Path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "wide.yaml").write_text("_target_: wide.Wide\n")
    with config_loader(tmp_path) as loader:
        composer = Composer(loader, "config", [])
        assert {"wide", "lenet5/deep", "mlp/standard"} <= composer.options("model")
        sources = composer.compose(["model=wide"], RunMode.RUN).hydra.runtime.config_sources
    assert [source.provider for source in sources] == ["hydra", "main", "command-line", "schema"]


def test_groups_and_values_are_told_apart():
    with config_loader(None) as loader:
        composer = Composer(loader, "config", [])
        parsed = composer.parse(["model=a", "hydra/launcher=basic", "seed=1", "model.dense=[1]"])
        assert [composer.chooses(override) for override in parsed] == [True, True, False, False]
        mode = composer.parse(["hydra.mode=RUN"])[0]
        assert composer.decides_keys(mode) and not composer.chooses(mode)


@pytest.mark.parametrize(
    ("glob", "chosen"),
    [
        ("glob(lenet5/*)", ["lenet5/deep", "lenet5/shallow", "lenet5/standard"]),
        ("glob(lenet5/*,exclude=*deep)", ["lenet5/shallow", "lenet5/standard"]),
        ("glob([mlp/*,lenet5/d*])", ["lenet5/deep", "mlp/deep", "mlp/standard"]),
        ("glob(*)", ["bag_of_words", "word_attention"]),  # Hydra's own
    ],
)
def test_a_glob_finds_options_in_sub_folders(glob, chosen):
    with config_loader(None) as loader:
        (override,) = Composer(loader, "config", []).parse([f"model={glob}"])
        assert list(override.sweep_string_iterator()) == chosen


def test_hydras_errors_are_mistakes():
    with config_loader(None) as loader, pytest.raises(BakeoffError, match="no viable alternative"):
        Composer(loader, "config", []).parse(["seed=["])
    with (
        config_loader(None) as loader,
        pytest.raises(BakeoffError, match="Could not find 'model/x'"),
    ):
        Composer(loader, "config", []).compose(["model=x"], RunMode.RUN)
