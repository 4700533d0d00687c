"""Pictures and tables of a folder."""

import json

from bakeoff.report.exhibits import picture_title, read_showcase, read_tables


def test_picture_titles():
    assert picture_title("validation-worst-mistakes") == "Validation: worst mistakes"
    assert picture_title("confusion") == "Confusion"


def test_what_is_neither_picture_nor_table_is_said(tmp_path):
    (tmp_path / "fake.png").write_bytes(b"GIF89a")
    (tmp_path / "words.json").write_text(json.dumps({"columns": ["a"], "rows": [["x"]]}))
    (tmp_path / "uneven.json").write_text(json.dumps({"columns": ["a"], "rows": [["x", "y"]]}))
    notes = []
    assert read_showcase(tmp_path, notes) == []
    assert read_tables(tmp_path, notes) == [
        ("Words", {"columns": ["a"], "rows": [["x"]], "note": ""})
    ]
    assert notes == [
        "showcase/fake.png is not a PNG picture and is not shown.",
        "showcase/uneven.json is not a table and is not shown.",
    ]
