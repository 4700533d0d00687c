"""The settings of a config, bound to the signatures of the classes and functions that they are for.

What an optimizer or a trainer refuses would otherwise be found by every job of a sweep, one by one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any

from bakeoff.errors import suggestion
from bakeoff.gate.locate import locate

SPECIAL = "_"  # settings that begin with it are Hydra's, such as _target_ and _partial_
BY_NAME = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
BY_POSITION = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True)
class Call:
    """What bakeoff passes itself to the object of a section: `first`, what its first argument will be,
    further arguments by `names`, and those of `offered` that it takes. The settings `own` are bakeoff's to
    read and do not reach the object. `complete`: what it needs beyond these must be in the config.
    """

    first: str | None = None
    names: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    complete: bool = True


# By the section's key. An argument that bakeoff passes by name would replace a setting without a word.
CALLS: Mapping[str, Call] = {
    "optimizer": Call(
        first="the parameters", own=("fused",)
    ),  # left out where there is no such argument
    "scheduler": Call(
        first="the optimizer", offered=("total_steps",), own=("interval", "frequency", "monitor")
    ),
    "data": Call(own=("adapt",)),
    "model": Call(own=("kind",), complete=False),  # build_net knows what the data add
    "task.metrics": Call(own=("extra",)),
    "trainer": Call(names=("default_root_dir",), own=("histograms", "compile")),
}
LOGGERS, LOGGER = "trainer.logger", Call(complete=False)  # a folder may be added
# The data add shapes, as to a model.
BASELINES, BASELINE = re.compile(r"baselines\.[^.\[]+"), Call(own=("at_most",), complete=False)


def signature_mistakes(node: Any, key: str = "") -> Iterator[str]:
    """A line for each `_target_` in plain containers that does not exist, each setting that its signature
    does not have and each one that it lacks.
    """
    if isinstance(node, list):
        for at, value in enumerate(node):
            yield from signature_mistakes(value, f"{key}[{at}]")
    if not isinstance(node, dict):
        return
    if "_target_" in node:
        yield from _mistakes(node, key)
    for name, value in node.items():
        yield from signature_mistakes(value, f"{key}.{name}" if key else str(name))


def _mistakes(node: Mapping[str, Any], key: str) -> Iterator[str]:
    target, partial = str(node["_target_"]), bool(node.get("_partial_"))
    call = CALLS.get(key, Call(complete=not partial))
    if key.startswith(LOGGERS):
        call = LOGGER
    elif BASELINES.fullmatch(key):
        call = BASELINE
    try:
        found = locate(target)
    except Exception as error:  # a user's module can raise anything
        yield f"{key}._target_={target}: expected a class or function: {_reason(error)}"
        return
    if call.first and not partial:
        yield f"{key}: expected _partial_: true, because {call.first} are passed when training starts"
        return
    try:
        parameters = list(signature(found).parameters.values())
    except (TypeError, ValueError):  # a function in C that does not say
        return
    given = {name for name in node if not name.startswith(SPECIAL)}.difference(call.own)
    passed = {*call.names, *(p.name for p in parameters if p.name in call.offered)}
    for name in sorted(given & passed):
        yield f"{key}.{name}: bakeoff passes it to {target} itself: leave it out"
    positional = len(node.get("_args_") or ()) + (call.first is not None)
    filled = [p.name for p in parameters if p.kind in BY_POSITION][:positional]
    rest = [p for p in parameters if p.name not in filled]
    yield from _unknown(key, target, given | passed, rest)
    if call.complete:
        yield from _missing(key, target, given | passed, rest)


def _unknown(key: str, target: str, given: set[str], parameters: list[Parameter]) -> Iterator[str]:
    if any(p.kind is Parameter.VAR_KEYWORD for p in parameters):
        return
    valid = [p.name for p in parameters if p.kind in BY_NAME]
    for name in sorted(given.difference(valid)):
        yield (
            f"{key}.{name}: {target} has no argument {name!r}{suggestion(name, valid)}; it takes "
            f"{_listed(valid)}"
        )


def _missing(key: str, target: str, given: set[str], parameters: list[Parameter]) -> Iterator[str]:
    for p in parameters:
        if p.kind in BY_NAME and p.default is Parameter.empty and p.name not in given:
            yield f"{key}: {target} needs {p.name!r}: add it, as in +{key}.{p.name}=VALUE"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def _reason(error: Exception) -> str:
    said = str(error).splitlines()
    return said[0] if said and isinstance(error, ImportError | AttributeError) else repr(error)
