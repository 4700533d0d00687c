"""Every option in conf/ composes with a task that it serves."""

import pytest
from hydra import compose, initialize_config_dir

from bakeoff.store import paths
from bakeoff.store.first_comment import first_sentence

CONF = paths.conf_dir().resolve()
# What options are made of, chosen by an option or a group within it and never by itself.
PARTS = ("data/boxes", "data/text", "loss/box_loss")
TASKS = {
    "loss/words": "generation",
    "model/language_model": "generation",
    "model/word_lstm": "conjugation",
}


def options() -> list[tuple[str, str]]:
    files = [file.relative_to(CONF).with_suffix("") for file in CONF.rglob("*/*.yaml")]
    found = [(file.parts[0], "/".join(file.parts[1:])) for file in sorted(files)]
    return [(group, name) for group, name in found if not f"{group}/{name}".startswith(PARTS)]


def task_of(group: str, name: str) -> str:
    folder = name.split("/")[0]
    if (CONF / "task" / f"{folder}.yaml").exists():
        return folder
    return TASKS.get(f"{group}/{folder}", "localization")


@pytest.mark.parametrize(("group", "name"), options(), ids=map("=".join, options()))
def test_an_option_composes(group, name):
    chosen = [] if group == "task" else [f"task={task_of(group, name)}"]
    with initialize_config_dir(str(CONF), version_base=None):
        config = compose("config", [*chosen, f"{group}={name}"])
    if name == "none" and group in ("augment", "scheduler", "callbacks"):
        assert not config[group]
    elif group == "baselines":
        assert all("_target_" in entry for entry in config.baselines.values())
        assert bool(config.baselines) == (name != "none")
    elif group == "callbacks":
        assert "_target_" in config.callbacks[name]
    else:
        assert group == "task" or "_target_" in config[group]


@pytest.mark.parametrize(("group", "name"), options(), ids=map("=".join, options()))
def test_an_option_says_what_it_is(group, name):
    assert len(first_sentence(CONF / group / f"{name}.yaml")) > 10
