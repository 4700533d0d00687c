"""Mistakes in overrides: options that do not exist, unknown keys, values of another type."""

from collections.abc import Sequence
from typing import Any

from hydra.core.override_parser.types import Override
from omegaconf import DictConfig, OmegaConf

from bakeoff.errors import suggestion
from bakeoff.gate.leaves import leaves
from bakeoff.identity.candidate import is_of_selection
from bakeoff.sweep.compose import choices
from bakeoff.sweep.compose.compose import Composer

# What every run has, if only null.
NEEDED = (
    *("experiment", "seed", "threads", "patience", "data_dir", "init_from", "ckpt_path"),
    *("data", "model", "optimizer", "trainer"),
)


def option_mistakes(overrides: Sequence[Override], composer: Composer) -> list[str]:
    """A line for each option of a group that does not exist, and each deletion of what all runs have."""
    found = []
    for override in overrides:
        if override.is_delete() and override.key_or_group in NEEDED:
            key = override.key_or_group
            found.append(f"{override.input_line}: every run has {key}: set it, as in {key}=VALUE")
        if override.is_delete() or not composer.chooses(override):
            continue
        options = composer.options(override.key_or_group)
        chosen = [c if isinstance(c, list) else [c] for c in _choices(override)]
        names = [str(name) for names in chosen for name in names if name is not None]
        for name in (name for name in names if name not in options):
            said = f"{override.key_or_group}={name}: no such option"
            if near := suggestion(name, options, all_if_few=False):
                found.append(said + near)
            else:
                listed = choices.options(override.key_or_group, composer)
                found.append("\n".join([f"{said}; there are", *listed]))
    return found


def mode_mistakes(overrides: Sequence[Override], multirun: bool) -> list[str]:
    """A line for each override that names several values where one is expected."""
    found = []
    for override in (o for o in overrides if o.is_sweep_override()):
        line, key = override.input_line, override.get_key_element()
        if override.is_hydra_override():
            found.append(f"{line}: expected one value: Hydra's own settings are those of all runs")
        elif is_of_selection(key):
            what = "selection" if key.startswith("selection") else "set of baselines"
            found.append(f"{line}: expected one value: a sweep has one {what}")
        elif not multirun:
            found.append(
                f"{line}: several values in a single run: add -m to train each of them, or write "
                f"{key}=[...] for a list"
            )
    return found


def value_mistakes(override: Override, config: DictConfig) -> list[str]:
    """What is wrong with the key or the type of an override, given the config that it changes."""
    key = override.key_or_group
    plain = OmegaConf.to_container(config, resolve=False)
    keys = dict(leaves(plain))
    if override.is_force_add():
        return []
    if override.is_add():
        present = keys.get(key) not in (None, "???") or any(k.startswith(f"{key}.") for k in keys)
        if present and not isinstance(override.value(), dict | list):
            return [f"{override.input_line}: {key} is there already: leave the + away"]
        return []
    if key not in keys:
        if any(known.startswith(f"{key}.") for known in keys):  # a whole section
            return [] if override.is_delete() else _section_mistakes(override)
        own = [known for known in keys if not known.startswith("hydra.")]
        groups = [str(name) for name in plain if name != "hydra"]
        near = suggestion(key, keys if key.startswith("hydra") else [*own, *groups])
        return [f"{override.input_line}: no such key{near}; a new key is added with +{key}=..."]
    if override.is_delete():
        if keys[key] is None:  # Hydra would say that there is no such key
            return [f"{override.input_line}: {key} is null, as if it was deleted: leave it out"]
        if override.value_type is None or override.value() == keys[key]:
            return []
        return [f"{override.input_line}: {key} is {keys[key]}: leave the value away"]
    return [
        f"{key}={value}: expected {expected}, as in {key}={keys[key]}"
        for value in _choices(override)
        if (expected := _other_type(keys[key], value))
    ]


def quoted(text: str) -> str:
    """A text as a value in Hydra's grammar, whatever characters it holds."""
    escaped = text.replace("'", r"\'").replace("${", r"\${")
    return f"'{escaped}'"


def _choices(override: Override) -> list[Any]:
    if override.is_sweep_override():
        return list(override.sweep_iterator())
    return [override.value()]


def _section_mistakes(override: Override) -> list[str]:
    """A line for each value that would take the place of a whole section, and is none."""
    key = override.key_or_group
    group = f"; an option of a group is chosen by {key.replace('.', '/')}=OPTION"
    return [
        f"{key}={value}: expected settings, as in {key}={{name: value}}, or null"
        f"{group if key.startswith('hydra.') else ''}"
        for value in _choices(override)
        if not (value is None or isinstance(value, dict | list) or _is_reference(value))
    ]


def _is_reference(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("${")


def _other_type(present: Any, given: Any) -> str | None:
    """What is expected in place of `given`, or None where it fits the value in the config."""
    if given is None or present is None or _is_reference(given):
        return None
    number = isinstance(given, int | float) and not isinstance(given, bool)
    match present:
        case bool():
            return None if isinstance(given, bool) else "true or false"
        case int():
            return None if number and given == int(given) else "a whole number"
        case float():
            return None if number else "a number"
        case list():
            return None if isinstance(given, list) else "a list"
        case str() if not present.startswith("${") and present != "???":
            return "text" if isinstance(given, list | dict) else None
    return None
