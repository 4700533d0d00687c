"""What a config names to be made."""

from bakeoff.gate.targets import names, targets


def test_functions_that_are_named_by_a_path_count():
    node = {"a": [{"_target_": "hydra.utils.get_method", "path": "mine.f"}], "path": "not.this"}
    assert list(names(node)) == ["hydra.utils.get_method", "mine.f"]


def test_every_place_is_told_by_its_key():
    inner = {"_target_": "a.B", "x": {"_target_": "a.C"}}
    assert [key for key, _ in targets({"m": [[inner]], "n": 1})] == ["m[0][0]", "m[0][0].x"]
