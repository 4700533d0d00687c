"""How an override that is being typed can go on: groups and options, keys and values."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.identity.run_id import register, starts_from
from bakeoff.store import paths
from bakeoff.store.first_comment import first_sentence
from bakeoff.sweep.compose.compose import Composer, config_loader
from bakeoff.sweep.compose.expand import values
from bakeoff.sweep.compose.primary import located

PARTS = re.compile(r"^(?P<sign>\+\+|\+|~)?(?P<key>[^=]*)(?P<equals>=?)(?P<value>.*)$")
LAST = re.compile(r"[^,\[]*$")  # of several values, the one that is being typed
PLAIN = re.compile(r"^[\w.+/-]+$")  # needs no quotes in a shell


def overrides(
    current: str, name: str, config_dir: Path | None, given: Sequence[str]
) -> list[tuple[str, str]]:
    """The words that `current` can become, each with its description; a blank ends those that are whole.

    `given` are the other overrides of the command, of which those count that choose options.
    """
    register()
    try:
        folder, lines = located(name, config_dir, given)
        with config_loader(folder) as loader:
            composer = Composer(loader, name, lines)
            return list(_words(PARTS.match(current), composer, lines))
    except BakeoffError:  # said when the command is run
        return []


def _words(
    parts: re.Match[str], composer: Composer, lines: Sequence[str]
) -> Iterable[tuple[str, str]]:
    start = parts["sign"] or ""
    if not parts["equals"]:
        config = _config(composer, lines)
        for key in [*_groups(parts["key"], composer, config), *_keys(parts["key"], config)]:
            ends = start == "~" and key.endswith("=")
            yield start + (f"{key.removesuffix('=')} " if ends else key), ""
        return
    key, typed = parts["key"], parts["value"]
    head = f"{start}{key}={LAST.sub('', typed)}"
    options = composer.options(key) if "." not in key else set()
    if options:
        for option in sorted(options):
            file = composer.file(f"{key}/{option}")
            yield f"{head}{option} ", "" if file is None else first_sentence(file)
        return
    config = _config(composer, lines)
    if key in starts_from(config):
        for path in sorted(paths.OUTPUTS.glob("*/*/leaderboard.json"), reverse=True):
            yield f"{head}{path.parent.relative_to(paths.OUTPUTS)} ", ""
    for value in _values(OmegaConf.select(config, key, throw_on_resolution_failure=False)):
        yield f"{head}{value} ", ""


def _groups(typed: str, composer: Composer, config: DictConfig) -> Iterable[str]:
    """Groups of the whole; of those within a group the ones from which something is chosen."""
    parent = typed.rpartition("/")[0]
    if not parent:
        for group in composer.groups(""):
            yield f"{group}/" if group == "hydra" else f"{group}="
        return
    for group in dict.fromkeys(str(key).partition("@")[0] for key in config.hydra.runtime.choices):
        if group.rpartition("/")[0] == parent:
            yield f"{group}="


def _keys(typed: str, config: DictConfig) -> Iterable[str]:
    parent = typed.rpartition(".")[0]
    section = OmegaConf.select(config, parent) if parent else config
    if not OmegaConf.is_dict(section):
        return
    for name, value in section.items_ex(resolve=False):
        key = f"{parent}.{name}" if parent else str(name)
        yield f"{key}." if OmegaConf.is_dict(value) else f"{key}="


def _values(present: Any) -> list[str]:
    if isinstance(present, bool):
        return ["true", "false"]
    text = "null" if present is None else str(present)
    return [text] if PLAIN.match(text) else []


def _config(composer: Composer, lines: Sequence[str]) -> DictConfig:
    """The config for the options that are chosen, as far as they can be composed."""
    try:
        chosen = [values(o)[0] for o in composer.parse(lines) if composer.decides_keys(o)]
        return composer.compose(chosen, RunMode.MULTIRUN)
    except BakeoffError:
        return composer.compose([], RunMode.MULTIRUN)
