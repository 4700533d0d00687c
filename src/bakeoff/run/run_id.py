"""The identity of a run: a digest of everything that decides its training, and nothing else."""

import json
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf, open_dict

from bakeoff.errors import BakeoffError
from bakeoff.store import paths
from bakeoff.store.digest import digest, file_digest

# Where results go and what is shown of them: two runs that differ only here are the same run.
NOT_DECISIVE = ("hydra", "experiment", "data_dir")
# Under `data`, these keys hold the user's own files: their content counts, not their place.
FILES = ("files", "folder")
LENGTH = 12


def register() -> None:
    """Let configs say `${run_id:}`, as the name of a run's directory does."""
    OmegaConf.register_new_resolver("run_id", lambda *, _root_: run_id(_root_), replace=True)


def run_id(config: DictConfig) -> str:
    """The short digest of a composed config: same config, seed and data, same id."""
    return digest(_canonical(decisive(config)))[:LENGTH]


def decisive(config: DictConfig) -> dict[str, Any]:
    """The resolved part of a config that decides the training, as plain containers."""
    config = OmegaConf.create({key: config._get_node(key) for key in config if key != "hydra"})
    with open_dict(config):
        for key in NOT_DECISIVE:
            if key in config:
                config[key] = ""
    content = OmegaConf.to_container(config, resolve=True)
    model = content.get("model")
    if isinstance(model, dict) and model.get("embedding") is not None:
        model["embedding"] = _weights_digest(model["embedding"])
    task = content.get("task", {})
    for shown in ("showcase", "decode"):
        task.pop(shown, None)
    if isinstance(content.get("data"), dict):
        content["data"] = _by_content(content["data"])
    return content


def _weights_digest(run: str) -> str:
    """SHA-256 of the weights of the run that another one starts from, as its record has it; of its name
    where there is no such run: training will say so.
    """
    try:
        folder = paths.run_dir(run)
        return json.loads((folder / "run.json").read_text(encoding="utf-8"))["checkpoint"]["sha256"]
    except (BakeoffError, OSError, ValueError, KeyError, TypeError):
        return digest(run)


def _canonical(node: Any) -> Any:
    """2 and 2.0 are one setting, however a user writes it."""
    if isinstance(node, dict):
        return {key: _canonical(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_canonical(value) for value in node]
    return float(node) if isinstance(node, int) and not isinstance(node, bool) else node


def _content_digest(path: str | Path) -> str:
    """SHA-256 of a file's content, or of the names and contents of all files in a folder.

    Of the path where there is nothing to read: training will say so.
    """
    path = Path(path).expanduser()
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file())
        return digest([[str(file.relative_to(path)), _content_digest(file)] for file in files])
    try:
        return file_digest(path)
    except OSError:
        return digest(str(path))


def _by_content(node: Any, is_file: bool = False) -> Any:
    if isinstance(node, dict):
        return {key: _by_content(value, is_file or key in FILES) for key, value in node.items()}
    if isinstance(node, list):
        return [_by_content(value, is_file) for value in node]
    return _content_digest(node) if is_file and isinstance(node, str) else node
