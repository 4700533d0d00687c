"""What a user can choose from: experiments, groups and their options, with a line of description each."""

import re

from bakeoff.store import paths
from bakeoff.store.first_comment import first_sentence, table
from bakeoff.sweep.compose.compose import Composer

# A group in the defaults of conf/config.yaml, with what is said of it behind.
GROUP = re.compile(r"^ +- (?P<name>\w+): *[^#]*(?:# *(?P<said>.*))?$")


def everything() -> str:
    """All experiments and all groups."""
    experiments = {name: first_sentence(file) for name, file in paths.experiments().items()}
    return "\n".join(
        [
            "experiments, as in `bakeoff run EXPERIMENT`; your own are files in ./experiments/",
            *table(experiments),
            "groups, as in `bakeoff run EXPERIMENT GROUP=OPTION`; GROUP= lists the options",
            *table(groups()),
        ]
    )


def groups() -> dict[str, str]:
    """The groups that `conf/config.yaml` chooses from, and what it says of each."""
    lines = (paths.conf_dir() / "config.yaml").read_text(encoding="utf-8").splitlines()
    found = [GROUP.match(line) for line in lines]
    return {match["name"]: match["said"] or "" for match in found if match}


def options(group: str, composer: Composer) -> list[str]:
    """A line for each option of a group, those in folders of the user's own among them."""
    described = {}
    for name in sorted(composer.options(group)):
        file = composer.file(f"{group}/{name}")
        described[name] = "" if file is None else first_sentence(file)
    return table(described)
