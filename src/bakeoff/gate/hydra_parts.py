"""What Hydra's own settings would make: plugins, callbacks, parts of logging, environment variables."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from omegaconf import DictConfig, OmegaConf, read_write
from omegaconf.errors import OmegaConfBaseException

from bakeoff.gate.allowed import Rule, within
from bakeoff.gate.targets import TARGET

# Hydra makes a launcher or sweeper only of classes that it has found among the installed plugins, all of
# which it imports whatever a config says: to install one is to allow it.
PLUGINS = ("launcher", "sweeper")
OF_PLUGINS = ("hydra_plugins", "hydra._internal.core_plugins")
# What the published sweeper of Optuna has made for it; each is a class.
SAMPLER = re.compile(r"optuna\.samplers\.[A-Z]\w+")
CALLBACK = re.compile(r"hydra\.experimental\.callbacks\.[A-Z]\w+")
FUNCTIONS = ("sweeper.custom_search_space",)  # settings of plugins that name a function
LOGGING = ("job_logging", "hydra_logging")  # what Python's logging.config makes
OF_LOGGING = (
    *(f"logging.{name}" for name in ("StreamHandler", "FileHandler", "NullHandler", "Formatter")),
    *("logging.Filter", "logging.handlers.RotatingFileHandler"),
    *("logging.handlers.TimedRotatingFileHandler", "colorlog.ColoredFormatter"),
    "rich.logging.RichHandler",
)
STREAMS = ("ext://sys.stdout", "ext://sys.stderr")
MADE = ("class", "()")  # keys by which it names what it makes
# Variables that decide which code runs in the processes of jobs, or what is allowed there.
CODE = re.compile(r"BAKEOFF_.*|PYTHON.*|LD_.*|DYLD_.*|PATH|XDG_CONFIG_HOME", re.IGNORECASE)


# References that are the same for all jobs of a sweep.
ALIKE = re.compile(r"\$\{(?!hydra\.(?:runtime|job)\.|now:|oc\.env:|run_id:)")


def varies(hydra: DictConfig) -> bool:
    """Whether what Hydra would make may differ between jobs whose other settings differ."""
    sections = [hydra.get(name) for name in (*PLUGINS, *LOGGING, "callbacks", "job")]
    return any(ALIKE.search(str(OmegaConf.to_container(one))) for one in sections if one)


def hydra_parts(config: DictConfig, rule: Rule) -> tuple[dict, dict[str, str], dict[str, str]]:
    """Of the section `hydra`: plain containers of what it makes by `_target_`, without the plugins
    themselves; other names whose objects are still to be looked at, by key; why others are refused.
    """
    hydra = config.hydra
    with _as_in_a_job(hydra):
        return _looked(hydra, rule)


def _looked(hydra: DictConfig, rule: Rule) -> tuple[dict, dict[str, str], dict[str, str]]:
    parts = {name: _plain(hydra, name) for name in (*PLUGINS, "callbacks")}
    names: dict[str, str] = {}
    refused: dict[str, str] = {}
    for key, name in _functions(parts):
        if (reason := rule.against_name(name)) is not None:
            refused[name] = f"hydra.{key}: {name[:200]!r}: {reason}"
        else:
            names[name] = f"hydra.{key}"
    for plugin in PLUGINS:
        node = parts[plugin]
        if isinstance(node, dict) and within(str(node.get(TARGET)), OF_PLUGINS):
            del node[TARGET]
    _drop(parts["sweeper"], SAMPLER)
    _drop(parts["callbacks"], CALLBACK)
    for key, name in _of_logging(hydra):
        refused[name] = f"hydra.{key}: {name[:200]!r}: not among what logging may make for a config"
    for name in OmegaConf.to_container(hydra.job.env_set, resolve=False):
        if CODE.fullmatch(str(name)):
            refused[f"env_set {name}"] = (
                f"hydra.job.env_set.{name}: this variable decides which code runs: set it where you "
                "start bakeoff"
            )
    return parts, names, refused


@contextmanager
def _as_in_a_job(hydra: DictConfig) -> Iterator[None]:
    """Let what Hydra knows of a running job only, such as the folder of its log, have a value."""
    unknown = [
        (hydra[section], name)
        for section, name in (("runtime", "output_dir"), ("job", "id"), ("job", "num"))
        if OmegaConf.is_missing(hydra[section], name)
    ]
    with read_write(hydra):
        for section, name in unknown:
            section[name] = 0 if name == "num" else "job"
        try:
            yield
        finally:
            for section, name in unknown:
                section[name] = "???"


def _functions(parts: dict) -> Iterator[tuple[str, str]]:
    for key in FUNCTIONS:
        section, name = key.split(".")
        node = parts[section]
        if isinstance(node, dict) and node.get(name) is not None:
            yield key, str(node[name])


def _drop(node: Any, allowed: re.Pattern[str]) -> None:
    """Drop the names that need no further look."""
    if isinstance(node, list):
        for value in node:
            _drop(value, allowed)
    elif isinstance(node, dict):
        if allowed.fullmatch(str(node.get(TARGET))):
            del node[TARGET]
        for value in node.values():
            _drop(value, allowed)


def _of_logging(hydra: DictConfig) -> Iterator[tuple[str, str]]:
    """The keys and names of what Python's logging would make or import that is not among the usual."""
    for section in LOGGING:
        for key, name, text in _texts(_plain(hydra, section), section):
            if name in MADE:
                if text not in OF_LOGGING:
                    yield key, text
            elif ("ext://" in text and text not in STREAMS) or "${" in text:
                yield key, text


def _texts(node: Any, key: str) -> Iterator[tuple[str, str, str]]:
    """Key, last part of the key, and text of every value."""
    if isinstance(node, list):
        for at, value in enumerate(node):
            yield from _texts(value, f"{key}[{at}]")
    elif isinstance(node, dict):
        for name, value in node.items():
            if name in MADE and not isinstance(value, str):
                yield f"{key}.{name}", str(name), str(value)
            yield from _texts(value, f"{key}.{name}")
    elif isinstance(node, str):
        yield key, key.rpartition(".")[2], node


def _plain(hydra: DictConfig, section: str) -> Any:
    """A section as plain containers; what cannot be resolved stays as it is written."""
    if hydra.get(section) is None:
        return {}
    try:
        return OmegaConf.to_container(hydra[section], resolve=True)
    except OmegaConfBaseException:
        return _written(hydra[section])


def _written(node: Any) -> Any:
    if OmegaConf.is_dict(node):
        return {str(name): _value(node, name) for name in node}
    return [_value(node, at) for at in range(len(node))]


def _value(node: Any, name: Any) -> Any:
    try:
        value = node[name]
    except OmegaConfBaseException:
        return OmegaConf.to_container(node, resolve=False)[name]
    return _written(value) if OmegaConf.is_config(value) else value
