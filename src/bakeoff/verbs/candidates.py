"""How a command that is being typed can go on: verbs, options, experiments, overrides, sweeps and runs."""

import argparse
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path

from bakeoff.gate.allowances import HELP, OPTION
from bakeoff.store import known, paths
from bakeoff.store.first_comment import first_sentence

Candidate = tuple[str, str]  # (the whole word, with a blank where it ends; its description)
SWEEPS, RUNS = ("sweep", "sweeps"), ("run", "runs")  # names of arguments


def candidates(line: str, verbs: argparse._SubParsersAction) -> list[Candidate]:
    """Everything that the last word of a line can become, in order; nothing where it may be a file."""
    words = _split(line)
    if words is None:
        return []
    *before, current = words
    return [found for found in _all(before, current, verbs) if found[0].startswith(current)]


def _split(line: str) -> list[str] | None:
    """The words behind the program's name, the last of them empty behind a blank; None within quotes."""
    try:
        words = shlex.split(line)
    except ValueError:
        return None
    if line[-1:].isspace():
        words.append("")
    return words[1:] or None


def _all(before: list[str], current: str, verbs: argparse._SubParsersAction) -> Iterable[Candidate]:
    if not before:
        described = {action.dest: action.help or "" for action in verbs._choices_actions}
        return [*whole(described), ("--help ", ""), ("--version ", "")]
    verb, *before = before
    if verb not in verbs.choices:
        return []
    if verb == "train":
        return _of_train(before, current)
    return _of_parser(verbs.choices[verb], before, current)


def whole(described: Mapping[str, str]) -> list[Candidate]:
    """Words that end where they stand."""
    return [(f"{name} ", said) for name, said in described.items()]


def _of_parser(
    parser: argparse.ArgumentParser, before: list[str], current: str
) -> Iterable[Candidate]:
    actions = parser._actions
    options = {name: action for action in actions for name in action.option_strings}
    if before and before[-1] in options and options[before[-1]].nargs != 0:
        action = options[before[-1]]
        if action.choices:
            return whole(dict.fromkeys(map(str, action.choices), ""))
        if action.nargs != "?":
            return []
    if current.startswith("-"):
        return _options(actions)
    places = _places(before, options)
    positional = [action for action in actions if not action.option_strings]
    for action in positional:
        if isinstance(action, argparse._SubParsersAction) and places:
            rest = before[before.index(places[0]) + 1 :]
            known = action.choices.get(places[0])
            return [] if known is None else _of_parser(known, rest, current)
    return _of_position(parser, positional, places, before, current)


def _options(actions: Iterable[argparse.Action]) -> list[Candidate]:
    shown = [action for action in actions if action.help != argparse.SUPPRESS]
    return whole({action.option_strings[-1] if not action.option_strings[0].startswith("--")
                  else action.option_strings[0]: str(action.help or "")
                  for action in shown if action.option_strings})  # fmt: skip


def _places(before: list[str], options: Mapping[str, argparse.Action]) -> list[str]:
    """The words that are neither options nor their values."""
    found, skipped = [], False
    for word in before:
        takes = word in options and options[word].nargs is None
        if not skipped and not word.startswith("-"):
            found.append(word)
        skipped = takes
    return found


def _of_position(
    parser: argparse.ArgumentParser,
    positional: list[argparse.Action],
    places: list[str],
    before: list[str],
    current: str,
) -> Iterable[Candidate]:
    names = [action.dest for action in positional]
    if "experiment" in names:
        experiment = next((word for word in places if "=" not in word and word[:1] != "~"), None)
        if experiment is None:
            return experiments()
        given = [word for word in places if word != experiment]
        return _overrides(current, experiment, _value(before, "--config-dir", "-cd"), given)
    if not positional:
        return []
    action = positional[min(len(places), len(positional) - 1)]
    if len(places) >= len(positional) and action.nargs not in ("*", "+"):
        return []
    if action.choices:
        return whole(dict.fromkeys(map(str, action.choices), ""))
    if action.dest in SWEEPS:
        return whole(dict.fromkeys(known.sweeps(), ""))
    if action.dest in RUNS:
        return whole(dict.fromkeys(known.runs(current), ""))
    if action.dest == "overrides" and places:
        return _of_sweep(current, places)
    if parser.prog.endswith("data fetch"):
        from bakeoff.data.catalog import CATALOG

        return whole({name: data.description for name, data in CATALOG.items()})
    return []


def _of_train(before: list[str], current: str) -> Iterable[Candidate]:
    from hydra._internal.utils import get_args_parser

    actions = get_args_parser()._actions
    options = {name: action for action in actions for name in action.option_strings}
    if before[-1:] in (["--config-name"], ["-cn"]):
        return experiments()
    if current.startswith("-"):
        names = [name for name in options if name.startswith("--")]
        return [*whole(dict.fromkeys(names, "")), *whole({OPTION: HELP})]
    if before[-1:] == [OPTION]:
        return []
    before_it = options.get(before[-1]) if before else None
    if before_it is not None and before_it.nargs is None:
        return whole(dict.fromkeys(before_it.choices or (), ""))
    name = _value(before, "--config-name", "-cn") or "config"
    given = [word for word in before if "=" in word or word.startswith("~")]
    return _overrides(current, name, _value(before, "--config-dir", "-cd"), given)


def _value(before: list[str], *names: str) -> str | None:
    """The value of an option that was given as `--name VALUE` or `--name=VALUE`."""
    for word, following in zip(before, [*before[1:], ""], strict=False):
        if word in names:
            return following or None
        if word.partition("=")[0] in names:
            return word.partition("=")[2] or None
    return None


def _overrides(
    current: str, name: str, config_dir: str | None, given: list[str]
) -> Iterable[Candidate]:
    from bakeoff.sweep.compose.completing import overrides

    return overrides(current, name, None if config_dir is None else Path(config_dir), given)


def _of_sweep(current: str, places: list[str]) -> Iterable[Candidate]:
    """Overrides of a sweep that is there already."""
    from bakeoff.errors import BakeoffError
    from bakeoff.store import plan_file

    try:
        plan = plan_file.read_own(paths.sweep_dir(places[0]))
    except BakeoffError:
        return []
    return _overrides(current, plan.config_name, plan.config_dir, places[1:])


def experiments() -> list[Candidate]:
    """The names of experiments."""
    return whole({name: first_sentence(file) for name, file in paths.experiments().items()})
