"""The rows and columns of the page's tables."""

from bakeoff.report.tables import own_overrides, shared_overrides, table_script


def test_overrides_are_shown_once_and_only_where_no_name_tells_them():
    def row(name, *overrides):
        return {"name": name, "overrides": overrides}

    wide = row("mlp/wide", "model=mlp/wide", "trainer.max_epochs=3")
    slow = row("mlp/wide optimizer.lr=0.1", *wide["overrides"], "optimizer.lr=0.1")
    named = row("mine", "model=mlp/deep", "trainer.max_epochs=3")
    shared = shared_overrides([wide, slow, named])
    assert shared == ["trainer.max_epochs=3"]
    assert [own_overrides(r, shared) for r in (wide, slow, named)] == [[], [], ["model=mlp/deep"]]
    assert shared_overrides([wide]) == []
    assert own_overrides(wide, []) == ["trainer.max_epochs=3"]


def test_few_rows_need_no_script():
    assert table_script(12) == {"script": "", "script_hash": ""}
    assert table_script(13)["script_hash"].startswith("sha256-")
