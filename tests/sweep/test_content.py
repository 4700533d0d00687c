"""What configs hold, and which of them are equal in a part."""

from omegaconf import OmegaConf

from bakeoff.sweep.content import Content, distinct


def content(*more: str) -> Content:
    own = ["data.size=3", "model.width=${data.size}", "seed=0", "hydra.verbose=true"]
    return Content(OmegaConf.from_dotlist([*own, *more]))


def test_it_is_resolved_and_hydras_own_is_left_out():
    made = content("data.size=4")
    assert made.plain == {"data": {"size": 4}, "model": {"width": 4}, "seed": 0}
    assert made.config == {"data": {"size": 4}, "model": {"width": "${data.size}"}, "seed": 0}


def test_what_has_no_value_is_shown_as_missing_with_whatever_refers_to_it():
    assert content("seed=???").plain["seed"] == "???"
    made = content("data.size=???").plain
    assert made["data"] == {"size": "???"} and made["model"] == {"width": "${data.size}"}


def test_texts_are_equal_where_the_resolved_sections_are():
    one, other = content(), content("model.width=3", "seed=1")
    assert one.text("data", "model") == other.text("data", "model")
    assert one.text("model", "seed") != other.text("model", "seed")
    assert one.text("absent") == other.text("absent")


def test_of_equal_sections_the_first_config_stands_for_all():
    made = [content(f"seed={seed}", f"data.size={size}") for size in (3, 4) for seed in (0, 1)]
    assert [config.seed for config in distinct(made, "data")] == [0, 0]
    assert [config.data.size for config in distinct(made, "data")] == [3, 4]
    assert len(distinct(made, "data", "seed")) == 4 and len(distinct(made)) == 1
