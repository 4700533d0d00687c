"""Hydra's YAML files, read strictly."""

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.store.yaml_file import read_yaml


def test_a_config_is_read_and_nothing_in_it_resolved(tmp_path):
    (tmp_path / "c.yaml").write_text("a: ${b}\nb: 2\n")
    config = read_yaml(tmp_path / "c.yaml", ("a", "b"), "do this")
    assert config.a == 2
    assert config._get_node("a")._value() == "${b}"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not a whole config: a is missing: do this"),
        (b"b: 1\n", "is not a whole config: a is missing: do this"),
        (b"- a\n- b\n", "is not a config: expected keys, got a list: do this"),
        (b"word", "is not a whole config: a is missing: do this"),
        (b"7", "cannot read .*not a mapping of keys: do this"),
        (b"a: [1,\n", "is damaged .*: do this"),
        (b"a: !!python/object/apply:os.getcwd []\n", "is damaged .*: do this"),
        (b"a: ${b", "is damaged .*: do this"),
        (b"\xff\xfe\x00a", "is damaged .*: do this"),
        (b"a: " + b"[" * 5000, "is damaged .*: do this"),
    ],
)
def test_another_file_is_refused(tmp_path, content, said):
    (tmp_path / "c.yaml").write_bytes(content)
    with pytest.raises(BakeoffError, match=said):
        read_yaml(tmp_path / "c.yaml", ("a",), "do this")


def test_a_missing_file_and_a_folder_are_said(tmp_path):
    with pytest.raises(BakeoffError, match=r"cannot read .*No such file or directory: do this"):
        read_yaml(tmp_path / "c.yaml", (), "do this")
    with pytest.raises(BakeoffError, match=r"cannot read .*Is a directory: do this"):
        read_yaml(tmp_path, (), "do this")
