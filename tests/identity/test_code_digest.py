"""The code of a run: what its config names and what that imports, and nothing else."""

import pytest
from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.identity import code_digest
from bakeoff.identity.code_digest import code_of
from bakeoff.sweep.plan import plan

CONFIG = {"model": {"_target_": "ownpkg.nets.Net", "inner": [{"_target_": "lone_module.Part"}]}}


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A user's package, of which `ownpkg/nets.py` imports `deep.py` from beside it, and a module alone."""
    package = tmp_path / "ownpkg"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "nets.py").write_text(
        "import json\nimport torch\ndef f():\n    from . import deep\n"
    )
    (package / "deep.py").write_text("from ownpkg.deeper import value\n")
    (package / "deeper.py").write_text("value = 1\n")
    (package / "unused.py").write_text("")
    (tmp_path / "lone_module.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    for known in (code_digest._code_of, code_digest._sources, code_digest._imports):
        known.cache_clear()
    return package


def test_the_modules_that_a_config_names_and_what_they_import_count(own):
    code = code_of(OmegaConf.create(CONFIG))
    names = {name for name in code.files if name.startswith(("ownpkg", "lone"))}
    assert names == {"lone_module", "ownpkg", "ownpkg.nets", "ownpkg.deep", "ownpkg.deeper"}
    assert {"python", "torch", "pytorch_lightning"} <= set(code.packages)
    assert "json" not in code.packages


EVERYWHERE = """
import one
def f(x):
    import two
    for _ in x:
        try:
            import three
        except OSError:
            import four
        else:
            import five
        finally:
            import six
    else:
        import seven
    match x:
        case 1:
            import eight
    if x:
        pass
    elif not x:
        async def g():
            async with x:
                import nine
    while x:
        class C:
            import ten as eleven, twelve
"""


def test_imports_are_found_wherever_they_stand(tmp_path):
    (tmp_path / "everywhere.py").write_text(EVERYWHERE)
    found = code_digest._imports("everywhere", tmp_path / "everywhere.py")
    numbers = "one two three four five six seven eight nine ten twelve"
    assert sorted(found) == sorted(numbers.split())


@pytest.mark.parametrize(("file", "changes"), [("deeper.py", True), ("unused.py", False)])
def test_a_changed_file_changes_the_digest_where_it_trains(own, file, changes):
    code = code_of(OmegaConf.create(CONFIG))
    before = code.digest()
    assert code.digest() == before
    (own / file).write_text("value = 2\n")
    assert (code.digest() != before) == changes


def test_a_file_that_is_gone_is_said(own):
    code = code_of(OmegaConf.create(CONFIG))
    (own / "deep.py").unlink()
    with pytest.raises(BakeoffError, match=r"cannot read .*deep.py, which trains this run"):
        code.digest()


def test_of_bakeoffs_own_code_what_trains_the_run_counts():
    deep, flat = plan("config", ["model=lenet5/deep,mlp/standard"], multirun=True).jobs
    files = code_of(deep.config).files
    expected = (
        "run.parts.supervised",
        "run.fit",
        "nets.lenet5",
        "tasks.localization.loss",
        "data.batches",
    )
    assert {f"bakeoff.{name}" for name in expected} <= set(files)
    others = ("bakeoff.sweep", "bakeoff.select", "bakeoff.report", "bakeoff.nets.resnet")
    assert not [name for name in files if name.startswith(others)]
    assert code_of(flat.config).digest() != code_of(deep.config).digest()


def test_what_cannot_be_found_is_left_to_the_training(own):
    nothing = code_of(OmegaConf.create({}))
    for target in ("no_such_module_anywhere.Net", "", ".."):
        assert code_of(OmegaConf.create({"model": {"_target_": target}})) == nothing
    for target in ("ownpkg.nope.Net", "ownpkg"):
        assert "ownpkg" in code_of(OmegaConf.create({"model": {"_target_": target}})).files


def test_packages_of_another_environment_stand_by_name(tmp_path, monkeypatch):
    place = tmp_path / "lib" / "site-packages"
    place.mkdir(parents=True)
    (place / "of_the_system.py").write_text("import json\n\nclass Net:\n    pass\n")
    monkeypatch.syspath_prepend(place)
    code = code_of(OmegaConf.create({"model": {"_target_": "of_the_system.Net"}}))
    assert "of_the_system" in code.packages and "of_the_system" not in code.files
