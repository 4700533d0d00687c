"""What a config of somebody else's may make: default deny.

A name is looked at before anything is imported for it, and the object that it leads to after that: an
alias, or a name that a module has imported, does not get past.
"""

import inspect
import os
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from bakeoff.errors import BakeoffError
from bakeoff.run.code_digest import NAMED_BY_PATH
from bakeoff.run.error_text import first_line
from bakeoff.store import paths

ALLOW = "BAKEOFF_ALLOW"
# Packages whose classes of these kinds may be made.
PACKAGES = ("bakeoff", "torch.nn", "torch.optim", "torchmetrics", "pytorch_lightning", "sklearn")
# Plain functions of arrays, which do nothing else.
FUNCTIONS = ("torch.nn.functional", "torch.nn.init", "torchmetrics.functional")
# Parts of these packages that read what a setting names, fetch it, or run commands.
FORBIDDEN = (
    *("pytorch_lightning.cli", "pytorch_lightning.demos", "pytorch_lightning.serve"),
    *("torchmetrics.audio", "torchmetrics.multimodal", "torchmetrics.video"),
    *("torchmetrics.text.bert", "torchmetrics.text.infolm"),
    *(f"torchmetrics.image.{name}" for name in ("arniqa", "dists", "fid", "inception", "kid")),
    *(f"torchmetrics.image.{name}" for name in ("lpip", "mifid", "perceptual_path_length")),
    *(f"torchmetrics.functional.{name}" for name in ("audio", "multimodal", "video")),
    *(f"torchmetrics.functional.text.{name}" for name in ("bert", "infolm")),
    *(f"torchmetrics.functional.image.{name}" for name in ("arniqa", "dists", "lpips")),
    "torchmetrics.functional.image.perceptual_path_length",
)
# Settings of scikit-learn's estimators that read pickles from a folder.
CACHES = ("memory",)
NAME = re.compile(r"[A-Za-z]\w*(\.[A-Za-z_]\w*)+", re.ASCII)
LINE = re.compile(r"""^\s*(?:_target_|path):\s*['"]?(bakeoff\.[\w.]+)""", re.MULTILINE)
IN_LINE = re.compile(r"""_target_:\s*['"]?(bakeoff\.[\w.]+)""")


def allowed_only(config: DictConfig, where: str) -> DictConfig:
    """`config`, resolved, in which every `_target_` is allowed.

    Raises BakeoffError that names what is not, and the line that would allow it.
    """
    try:
        plain = OmegaConf.to_container(config, resolve=True)
    except (OmegaConfBaseException, RecursionError) as error:
        raise BakeoffError(f"{where}: its config cannot be read: {first_line(error)}") from None
    extra = allowed_by_user()
    refused = {
        name: why for key, node in _nodes(plain, "") for name, why in _refused(key, node, extra)
    }
    if refused:
        raise BakeoffError(
            "\n".join(
                [
                    f"{where}: this folder was not written by you, or was changed since, and its config "
                    "would make what is not allowed to a config of somebody else's:",
                    *(f"  {why}" for why in refused.values()),
                    *_advice(refused),
                ]
            )
        )
    # What was looked at is what is made: no reference is resolved a second time.
    return OmegaConf.create(plain)


def allowed_by_user() -> list[str]:
    """Packages that the user allows besides, by BAKEOFF_ALLOW and by pyproject.toml in this directory.

    Raises BakeoffError where these are no names.
    """
    names = [name.strip() for name in os.environ.get(ALLOW, "").split(",") if name.strip()]
    file = Path("pyproject.toml")
    if file.is_file():
        try:
            listed = tomllib.loads(file.read_text(encoding="utf-8"))
            listed = listed.get("tool", {}).get("bakeoff", {}).get("allow", [])
        except (OSError, ValueError, AttributeError) as error:
            raise BakeoffError(f"cannot read {file.resolve()}: {first_line(error)}") from None
        if not isinstance(listed, list):
            raise BakeoffError(
                f"{file.resolve()}: [tool.bakeoff] allow: expected a list of packages"
            )
        names += listed
    if wrong := [name for name in names if not re.fullmatch(r"\w+(\.\w+)*", str(name))]:
        raise BakeoffError(
            f"{wrong[0]!r} in {ALLOW} or [tool.bakeoff] allow: expected packages, as in mypackage"
        )
    return names


def _nodes(node: Any, key: str) -> Iterator[tuple[str, dict]]:
    if isinstance(node, list):
        for at, value in enumerate(node):
            yield from _nodes(value, f"{key}[{at}]")
    elif isinstance(node, dict):
        if "_target_" in node:
            yield key, node
        for name, value in node.items():
            yield from _nodes(value, f"{key}.{name}" if key else str(name))


def _refused(key: str, node: dict, extra: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Name and reason where a node would make what is not allowed."""
    name = str(node["_target_"])
    if name in NAMED_BY_PATH:  # these only look up what `path` names
        if set(node) != {"_target_", "path"}:
            yield name, f"{key}: {name}: expected nothing but `path` beside it"
            return
        name = str(node["path"])
    reason = _reason(name, extra)
    if reason is None and name.startswith("sklearn.") and any(node.get(one) for one in CACHES):
        reason = "its cache in a folder holds pickles, which run code"
    if reason is not None:
        yield name, f"{key}: {name[:200]!r}: {reason}"


def _reason(name: str, extra: Sequence[str]) -> str | None:
    """Why a name is not allowed; None where it is."""
    if not NAME.fullmatch(name) or "__" in name:
        return "no dotted name of a class or function"
    by_user = _within(name, extra)
    if not by_user and (not _within(name, PACKAGES) or _within(name, FORBIDDEN)):
        return "of none of the allowed packages"
    try:
        found = _found(name)
    except Exception as error:  # a module can raise anything when it is imported
        return f"cannot be found: {first_line(error)}"
    home = f"{getattr(found, '__module__', '')}.{getattr(found, '__qualname__', '')}"
    if _within(home, extra):
        return None
    if name in _named_by_bakeoff() and _within(home, ("bakeoff",)):
        return None
    if not _within(home, PACKAGES) or _within(home, FORBIDDEN):
        return f"it is {home.strip('.') or 'no class'}, of none of the allowed packages"
    if inspect.isclass(found):
        return None if issubclass(found, _kinds()) else "a class of a kind that is not allowed"
    if inspect.isfunction(found) and _within(home, FUNCTIONS):
        return None
    return "neither an allowed class nor an allowed function"


def _found(name: str) -> Any:
    """The object of a name, found as Hydra finds it: attributes first, then modules."""
    first, *parts = name.split(".")
    found, path = import_module(first), first
    for part in parts:
        path = f"{path}.{part}"
        try:
            found = getattr(found, part)
        except AttributeError:
            if not inspect.ismodule(found):
                raise
            found = import_module(path)
    return found


def _within(name: str, packages: Sequence[str]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


@cache
def _kinds() -> tuple[type, ...]:
    """Of the classes in the allowed packages, subclasses of these may be made; a Metric is a Module."""
    import pytorch_lightning as pl
    from pytorch_lightning.loggers import CSVLogger, TensorBoardLogger
    from pytorch_lightning.profilers import Profiler
    from sklearn.base import BaseEstimator
    from torch import nn
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler

    lightning = (pl.Callback, pl.Trainer, pl.LightningDataModule, Profiler)
    return (
        nn.Module,
        Optimizer,
        LRScheduler,
        *lightning,
        CSVLogger,
        TensorBoardLogger,
        BaseEstimator,
    )


@cache
def _named_by_bakeoff() -> frozenset[str]:
    """What the configs that come with bakeoff name of its own parts."""
    folders = [paths.conf_dir(), paths.built_in_experiments()]
    texts = [
        file.read_text(encoding="utf-8") for folder in folders for file in folder.rglob("*.yaml")
    ]
    return frozenset(
        name for text in texts for one in (LINE, IN_LINE) for name in one.findall(text)
    )


def _advice(refused: Sequence[str]) -> list[str]:
    """The line that would allow it, for what could be a package of the user's."""
    named = {name for name in refused if NAME.fullmatch(name) and not _within(name, FORBIDDEN)}
    known = {"torch", "numpy", "joblib", "hydra", "omegaconf", "yaml", "cloudpickle"}
    known |= {*sys.stdlib_module_names, *(package.split(".")[0] for package in PACKAGES)}
    tops = sorted({name.split(".")[0] for name in named}.difference(known))
    if not tops:
        return []
    listed = ", ".join(f'"{top}"' for top in tops)
    return [
        "Such a config can run any code of these packages. Only if you know what it would do, add to "
        "pyproject.toml here:",
        "[tool.bakeoff]",
        f"allow = [{listed}]",
    ]
