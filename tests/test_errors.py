"""Names that a user may have meant."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bakeoff.errors import nearest, suggestion

MODELS = ["lenet5/deep", "lenet5/shallow", "lenet5/standard", "mlp/standard", "resnet/small"]
MANY = [f"option{number}" for number in range(9)]


def test_the_most_alike_come_first():
    assert nearest("lenet5/dep", MODELS)[0] == "lenet5/deep"
    assert nearest("lenet5/dep", MODELS, n=1) == ["lenet5/deep"]
    assert len(nearest("lenet5/dep", MODELS, n=2)) == 2


def test_a_name_that_is_given_twice_is_suggested_once():
    assert suggestion("seeed", ["seed", "seed", "speed"]) == "; did you mean 'seed' or 'speed'?"


def test_without_anything_alike_all_of_a_few_are_named_and_none_of_many():
    assert nearest("xyz", reversed(MODELS)) == sorted(MODELS)
    assert nearest("xyz", MANY) == []


def test_a_suggestion_is_the_end_of_a_sentence():
    assert suggestion("mlp/standart", ["mlp/standard"]) == "; did you mean 'mlp/standard'?"
    assert suggestion("shalow", ["low", "shallow"]) == "; did you mean 'shallow' or 'low'?"
    assert suggestion("xyz", MANY) == suggestion("xyz", []) == ""


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=6), st.lists(st.text(max_size=6), max_size=9))
def test_only_valid_names_are_suggested(word, valid):
    assert set(nearest(word, valid)) <= set(valid)
