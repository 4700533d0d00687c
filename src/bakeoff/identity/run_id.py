"""The identity of a run: a digest of everything that decides its training, and nothing else."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf, open_dict

from bakeoff.errors import BakeoffError
from bakeoff.gate.gate import refuse
from bakeoff.identity.kind import BROUGHT, is_lightning
from bakeoff.identity.user_files import by_content
from bakeoff.store import masking, paths
from bakeoff.store.digest import digest, known_file_digest
from bakeoff.store.plain_file import read_text

# Where results go: two runs that differ only here are the same run.
NOT_DECISIVE = ("experiment", "data_dir")
# What a task shows and predicts, which keys it says to name earlier runs, how baselines see its data.
NOT_DECISIVE_OF_TASK = ("showcase", "decode", "starts_from", "margins", "tabular")
# Sections that say what the finished runs are compared with and what is made of them.
AFTER_TRAINING = ("selection", "baselines")
# Sections that say how long a run may take, and how often it saves what it has.
WHILE_TRAINING = ("checkpoint", "limits")
STARTS = ("init_from", "ckpt_path")
NOT_DECISIVE_OF_TRAINER = ("histograms",)  # what is only shown
LEFT_OUT = ("hydra", *AFTER_TRAINING, *WHILE_TRAINING)
REPLICATE_KEYS = ("seed", "data.fold")  # what tells the runs of one candidate apart
LENGTH = 12


def register() -> None:
    """Let configs say `${run_id:}`, as the name of a run's directory does; `${oc.env:NAME}` is masked."""
    masking.register()
    OmegaConf.register_new_resolver("run_id", lambda *, _root_: _unplanned(_root_), replace=True)


def _unplanned(config: DictConfig) -> str:
    """The id of a run that no plan names, as of a search: working it out imports what the config names."""
    refuse(OmegaConf.masked_copy(config, [key for key in config if key != "hydra"]))
    return run_id(config)


def run_id(config: DictConfig) -> str:
    """The short digest of a composed config: same config, seed and content of files, same id.

    Raises BakeoffError where a class cannot declare its files for the settings that it gets.
    """
    return id_of(decisive(config))


def id_of(content: dict[str, Any]) -> str:
    """As `run_id`, of what `decisive` gives."""
    return _short(by_content(content))


def settings_id(content: dict[str, Any]) -> str:
    """As `id_of`, but with files by their paths: nothing is read, and no class imported."""
    return _short(content)


def candidate_id(config: DictConfig) -> str:
    """The short digest of what the runs of a candidate have in common: all but seed and fold."""
    return candidate_id_of(decisive(config, fixed=REPLICATE_KEYS))


def candidate_id_of(content: dict[str, Any]) -> str:
    """As `candidate_id`, of what `decisive` gives with REPLICATE_KEYS fixed."""
    return _short({"candidate": by_content(content)})


def decisive(config: DictConfig, fixed: Iterable[str] = ()) -> dict[str, Any]:
    """The resolved part of a config that decides the training, as plain containers.

    Files stand in it by their paths, and a run that the training starts from by the SHA-256 of its
    weights. The keys in `fixed`, where the config has them, are set to 0 before anything is resolved: what
    is interpolated from them is then the same for all their values.
    """
    config = deciding_part(config)
    fix(config, fixed)
    return decisive_of(OmegaConf.to_container(config, resolve=True))


def deciding_part(config: DictConfig) -> DictConfig:
    """A copy of the sections of a config that decide the training; nothing is resolved."""
    config = OmegaConf.masked_copy(config, [key for key in config if key not in LEFT_OUT])
    with open_dict(config):
        for key in NOT_DECISIVE:
            if key in config:
                config[key] = ""
    return config


def is_deciding(key: str) -> bool:
    """Whether a key of a config can change `deciding_part` of it."""
    return key.split(".")[0] not in (*LEFT_OUT, *NOT_DECISIVE)


def fix(config: DictConfig, keys: Iterable[str]) -> None:
    """Set these keys to 0 where the config has a value for them."""
    for key in keys:
        if OmegaConf.select(config, key) is not None:
            with open_dict(config):
                OmegaConf.update(config, key, 0)


def decisive_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """What `decisive` gives, of the resolved sections of `deciding_part`, which stay as they are."""
    content = dict(content)
    for key in starts_from(content):
        _replace_run(content, key.split("."))
    for key in BROUGHT if is_lightning(content) else ():
        content.pop(key, None)
    for key, parts in (("task", NOT_DECISIVE_OF_TASK), ("trainer", NOT_DECISIVE_OF_TRAINER)):
        if isinstance(content.get(key), dict):
            content[key] = {k: value for k, value in content[key].items() if k not in parts}
    return content


def starts_from(config: Mapping[str, Any]) -> list[str]:
    """The keys that name earlier weights which a training starts from: those of every config, and those
    that the task declares.
    """
    own = [key for key in STARTS if key in config]
    task = config.get("task")
    return [*own, *((task.get("starts_from") if isinstance(task, Mapping) else None) or ())]


def _replace_run(content: dict[str, Any], key: list[str]) -> None:
    """Put the SHA-256 of its weights in the place of the run that `key` names, if it names one; the
    containers on the way there are copied.
    """
    node: Any = content
    for part in key[:-1]:
        if not isinstance(node.get(part), dict):
            return
        node[part] = dict(node[part])
        node = node[part]
    if node.get(key[-1]) is not None:
        node[key[-1]] = _weights_digest(str(node[key[-1]]))


def _weights_digest(run: str) -> str:
    """SHA-256 of a file, or of the weights of a run, as its record has it; of the name where there is no
    such run: the check before the training will say so.
    """
    try:
        if Path(run).is_file():
            return known_file_digest(Path(run))
        folder = paths.run_dir(run)
        return json.loads(read_text(folder / "run.json"))["checkpoint"]["sha256"]
    except (BakeoffError, OSError, ValueError, KeyError, TypeError, RecursionError):
        return digest(run)


def _short(content: dict[str, Any]) -> str:
    return digest(_canonical(content))[:LENGTH]


def _canonical(node: Any) -> Any:
    """2 and 2.0 are one setting, however a user writes it."""
    if isinstance(node, dict):
        return {key: _canonical(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_canonical(value) for value in node]
    return float(node) if isinstance(node, int) and not isinstance(node, bool) else node
