"""Dotted keys of nested containers."""

from bakeoff.gate.leaves import leaves


def test_keys_are_dotted_and_in_order():
    node = {"b": {"x": 1, "y": {"z": None}}, "a": [1, {"c": 2}]}
    assert list(leaves(node)) == [("b.x", 1), ("b.y.z", None), ("a", [1, {"c": 2}])]


def test_an_empty_mapping_is_a_value():
    assert list(leaves({"a": {}})) == [("a", {})]


def test_what_is_null_is_a_value_too():
    nested = {"a": {"b": 1, "c": [1, 2]}, "d": None, "e": {}}
    assert dict(leaves(nested)) == {"a.b": 1, "a.c": [1, 2], "d": None, "e": {}}
