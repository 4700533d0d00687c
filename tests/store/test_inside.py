"""Names in records lead nowhere else."""

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.store.inside import inside


@pytest.mark.parametrize("name", ["a", "x" * 300, "checkpoints/best.ckpt", "a/../b", "...", "a b"])
def test_a_name_within_is_a_path(tmp_path, name):
    assert inside(tmp_path, name) == tmp_path / name


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "..",
        "../x",
        "a/../../x",
        "../../../../x.ckpt",
        "",
        ".",
        "\0",
        "link/x",
        "loop",
    ],
)
def test_every_other_one_is_refused(tmp_path, name):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "link").symlink_to(tmp_path)
    (tmp_path / "run" / "loop").symlink_to("loop")
    with pytest.raises(BakeoffError, match=r"of its own folder only"):
        inside(tmp_path / "run", name)


def test_a_folder_behind_a_link_is_a_folder(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert inside(tmp_path / "link", "a") == tmp_path / "link" / "a"
