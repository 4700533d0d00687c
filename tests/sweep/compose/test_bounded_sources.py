import pytest
from hydra._internal.core_plugins.file_config_source import FileConfigSource as HydrasOwn
from hydra._internal.sources_registry import SourcesRegistry
from hydra.types import RunMode

from bakeoff.errors import BakeoffError
from bakeoff.sweep.compose.bounded_sources import FileConfigSource
from bakeoff.sweep.compose.compose import Composer, config_loader


def composed(folder):
    with config_loader(folder) as loader:
        return Composer(loader, "own", []).compose([], RunMode.RUN)


def grown(opened, closed):
    lines = [f"b0: &b0 {opened}x: 1{closed}"]
    for at in range(1, 10):
        inner = ", ".join(f"k{key}: *b{at - 1}" for key in range(9))
        lines.append(f"b{at}: &b{at} {opened}{inner}{closed}")
    return "\n".join(lines)


REFUSED = {
    "aliases": (grown("{", "}"), "too large"),
    "aliases in lists": (grown("[", "]"), "too large"),
    "long": ("x: " + "y" * 1_000_001, "too large"),
    "many": ("x: [" + "1," * 50_001 + "]", "too large"),
    "deep": ("a: " + "[" * 5000 + "]" * 5000, "no config"),
    "itself": ("a: &a [*a]", "no config"),
    "object": ("a: !!python/object/apply:os.getcwd []", "no config"),
    "number": ("3", "not a mapping"),
    "list": ("[1, 2]", "no config: expected keys"),
    "brackets": ("{{{", "no config"),
}


@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=REFUSED)
def test_a_config_that_hydra_reads_is_bounded(tmp_path, text, said):
    (tmp_path / "own.yaml").write_text(text)
    with pytest.raises(BakeoffError, match=rf"own\.yaml.* {said}"):
        composed(tmp_path)


def test_so_is_an_option_of_a_group(tmp_path):
    (tmp_path / "own.yaml").write_text("defaults: [config, override model: own]\n")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "own.yaml").write_text(grown("{", "}"))
    with pytest.raises(BakeoffError, match=r"model/own\.yaml is too large"):
        composed(tmp_path)


def test_another_encoding_is_named(tmp_path):
    (tmp_path / "own.yaml").write_bytes(b"a: \xff")
    with pytest.raises(BakeoffError, match=r"own\.yaml is no config: 'utf-8'"):
        composed(tmp_path)


def test_aliases_within_reason_are_read(tmp_path):
    (tmp_path / "own.yaml").write_text("a: &a [1, 2]\nb: *a\n")
    assert composed(tmp_path).b == [1, 2]


def test_a_process_that_takes_over_the_registry_finds_its_plugins():
    """As a job's does, which is given the state of Hydra's singletons."""
    with config_loader(None):
        pass
    SourcesRegistry.instance().register(HydrasOwn)
    assert SourcesRegistry.instance().types["file"] is FileConfigSource
