"""What a class declares as the user's files counts by its content."""

from pathlib import Path

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.identity.user_files import by_content, content_digest, tells_content
from bakeoff.store.digest import digest

OWN = """
from pathlib import Path

class Table:
    @staticmethod
    def files(table, extra=None, **_):
        return {"table": [Path(table)]} | ({"extra": [Path(extra)]} if extra else {})

class Plain:
    files = ["an attribute of another meaning"]

class Strict:
    @staticmethod
    def files(path):
        return {"path": [Path(path)]}
"""


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A module of the user's own, and a table in two places."""
    (tmp_path / "own_tables.py").write_text(OWN)
    for place in ("here", "there"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "table.csv").write_text("1,2\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def table(path: object, **others: object) -> dict:
    return {"_target_": "own_tables.Table", "table": str(path), **others}


def test_a_file_counts_by_its_content_wherever_the_config_names_it(own):
    here = by_content({"data": {"parts": [{"source": table("here/table.csv", size=2)}]}})
    there = by_content({"data": {"parts": [{"source": table(own / "there/table.csv", size=2)}]}})
    assert here == there
    [part] = here["data"]["parts"]
    assert part["source"]["size"] == 2 and part["source"]["table"] != "here/table.csv"
    (own / "here" / "table.csv").write_text("1,3 and more\n")
    assert by_content(table("here/table.csv")) != by_content(table("there/table.csv"))


def test_only_what_is_declared_is_a_file(own):
    node = table("here/table.csv", extra=None, note="here/table.csv")
    assert by_content(node) == {**node, "table": by_content(node)["table"]}
    for target in ("own_tables.Plain", "own_tables.Nothing", "no_such_module.Table"):
        plain = {"_target_": target, "table": "here/table.csv"}
        assert by_content(plain) == plain


def test_settings_that_a_class_cannot_take_are_named(own):
    node = {"data": {"source": {"_target_": "own_tables.Strict", "path": "a", "size": 3}}}
    with pytest.raises(BakeoffError, match=r"^data\.source: own_tables\.Strict\.files cannot say"):
        by_content(node)


def test_in_a_folder_the_names_count_too(tmp_path):
    def folder(name: str, files: dict[str, str]) -> str:
        for path, content in files.items():
            (tmp_path / name / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / path).write_text(content)
        found = [tmp_path / name / path for path in files]
        return content_digest(found, tmp_path / name)

    first = folder("a", {"train/x": "1", "val/x": "2"})
    assert first == folder("b", {"val/x": "2", "train/x": "1"})
    assert first != folder("c", {"train/x": "2", "val/x": "1"})


def test_what_cannot_be_read_stands_by_its_path():
    missing = Path("no/such/file")
    assert content_digest([missing], missing) == digest([[".", "no/such/file"]])


class Silent:
    """Data of a user's that say nothing of their files."""


class Telling:
    files = staticmethod(lambda **_: {})


def test_data_tell_their_content_where_they_declare_files():
    assert tells_content("bakeoff.tasks.localization.data.LocalizationData")
    assert tells_content(f"{__name__}.Telling")
    assert not tells_content(f"{__name__}.Silent") and not tells_content("no.such.Class")
