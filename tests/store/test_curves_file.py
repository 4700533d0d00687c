"""The scalars of a run, beside its record."""

import math

import pytest

from bakeoff.store import curves_file


def test_what_is_written_is_read_back(tmp_path):
    points = {"val/loss": [(9, 0.5), (19, math.nan)], "watch/epoch": [(9, 0.0), (19, 1.0)]}
    curves_file.write(tmp_path, points)
    found = curves_file.read(tmp_path)
    assert found["watch/epoch"] == points["watch/epoch"]
    assert found["val/loss"][0] == (9, 0.5)
    assert math.isnan(found["val/loss"][1][1])


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"a": 1}', '{"a": [[1]]}', '{"a": [["x", 1]]}']
)
def test_a_damaged_file_is_none(tmp_path, content):
    (tmp_path / curves_file.FILE_NAME).write_text(content)
    assert curves_file.read(tmp_path) is None


def test_no_file_is_none(tmp_path):
    assert curves_file.read(tmp_path) is None
