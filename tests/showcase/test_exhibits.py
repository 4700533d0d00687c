"""Pictures and tables in files of their own."""

import json

import numpy as np
from PIL import Image

from bakeoff.showcase.exhibits import Table, write_exhibit


def test_a_picture_is_a_png_with_its_whole_name(tmp_path):
    picture = Image.fromarray(np.full((4, 6, 3), 200, np.uint8))
    write_exhibit(tmp_path / "new" / "validation-map.of-words", picture)
    with Image.open(tmp_path / "new" / "validation-map.of-words.png") as written:
        assert written.size == (6, 4)
        assert written.getpixel((0, 0)) == (200, 200, 200)


def test_a_table_is_json(tmp_path):
    write_exhibit(tmp_path / "test-words", Table(["word", "count"], [["<unk>", 3]], "a note"))
    assert json.loads((tmp_path / "test-words.json").read_text()) == {
        "columns": ["word", "count"],
        "rows": [["<unk>", 3]],
        "note": "a note",
    }
