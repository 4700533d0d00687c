"""Which classes and functions a config may name: default deny.

A name is looked at before anything is imported for it, and the object that it leads to after that: an
alias, or a name that a module has imported, does not get past. (Hydra 1.4 will have an
`execution_whitelist` of names for `hydra.main` and `instantiate`: give it these packages, and keep the look
at objects, once it is stable.)
"""

import functools
import inspect
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bakeoff.gate.allowances import OPTION, allowed_by_user
from bakeoff.gate.error_text import first_line
from bakeoff.gate.locate import locate
from bakeoff.gate.module_files import exists, lies_below
from bakeoff.store import paths

LIGHTNING = ("pytorch_lightning", "lightning.pytorch")
# Packages whose classes of these kinds may be made.
PACKAGES = ("bakeoff", "torch.nn", "torch.optim", "torchmetrics", "sklearn", *LIGHTNING)
# Plain functions of arrays, which do nothing else.
FUNCTIONS = ("torch.nn.functional", "torch.nn.init", "torchmetrics.functional")
# Parts of these packages that read what a setting names, fetch it, or run commands.
FORBIDDEN = (
    *(f"{package}.{name}" for package in LIGHTNING for name in ("cli", "demos", "serve")),
    *("torchmetrics.audio", "torchmetrics.multimodal", "torchmetrics.video"),
    *("torchmetrics.text.bert", "torchmetrics.text.infolm"),
    *(f"torchmetrics.image.{name}" for name in ("arniqa", "dists", "fid", "inception", "kid")),
    *(f"torchmetrics.image.{name}" for name in ("lpip", "mifid", "perceptual_path_length")),
    *(f"torchmetrics.functional.{name}" for name in ("audio", "multimodal", "video")),
    *(f"torchmetrics.functional.text.{name}" for name in ("bert", "infolm")),
    *(f"torchmetrics.functional.image.{name}" for name in ("arniqa", "dists", "lpips")),
    "torchmetrics.functional.image.perceptual_path_length",
)
# What nobody is advised to allow as a whole: a function of one's own does what is needed of it.
NEVER_AS_A_WHOLE = ("torch", "numpy", "joblib", "hydra", "omegaconf", "yaml", "cloudpickle")
NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", re.ASCII)
LINE = re.compile(r"""^\s*(?:_target_|path):\s*['"]?(bakeoff\.[\w.]+)""", re.MULTILINE)
IN_LINE = re.compile(r"""_target_:\s*['"]?(bakeoff\.[\w.]+)""")
MISSING = "???"
OUTSIDE = "of none of the allowed packages"


@dataclass(frozen=True)
class Rule:
    """`by_user`: packages that the user allows besides. `own`: the folder below which modules are the
    user's own; None for a config of somebody else's, which may make less of Lightning, too.
    """

    by_user: tuple[str, ...] = ()
    own: Path | None = None

    def is_own(self, name: str) -> bool:
        """Whether a name leads into the user's own code, or into a package that they allow."""
        return within(name, self.by_user) or (self.own is not None and lies_below(self.own, name))

    def against_name(self, name: str) -> str | None:
        """Why a name is not allowed, told without importing anything; None where it may be looked up."""
        if self.own is not None and name == MISSING:  # nothing is made of it
            return None
        if not NAME.fullmatch(name) or ".__" in name or name.startswith("__"):
            return "no dotted name of a class or function"
        if within(name, PACKAGES) and not within(name, FORBIDDEN):
            return None
        # A module that is nowhere runs nothing: whoever imports it says that it is missing.
        if self.is_own(name) or (self.own is not None and not exists(name)):
            return None
        return OUTSIDE

    def against_object(self, name: str) -> str | None:
        """Why the object of a name that `against_name` has let pass is not allowed; None where it is."""
        try:
            found = locate(name)
        except Exception as error:  # a module can raise anything when it is imported
            # Of the user's own, whoever makes it says so.
            return None if self.own is not None else f"cannot be found: {first_line(error)}"
        while isinstance(found, functools.partial):
            found = found.func
        home = f"{getattr(found, '__module__', '')}.{getattr(found, '__qualname__', '')}".strip(".")
        if self.is_own(home):
            return None
        if name in _named_by_bakeoff() and within(home, ("bakeoff",)):
            return None
        if not within(home, PACKAGES) or within(home, FORBIDDEN):
            return f"it is {home or 'no class'}, {OUTSIDE}"
        if inspect.isclass(found):
            kinds = (*_kinds(), *_estimators())
            kinds += () if self.own is None else _kinds_of_ones_own()
            return None if issubclass(found, kinds) else "a class of a kind that is not allowed"
        if inspect.isfunction(found) and within(home, FUNCTIONS):
            return None
        return "neither an allowed class nor an allowed function"


def rule_for_strangers() -> Rule:
    """The rule for a config that somebody else may have written. Raises BakeoffError."""
    return Rule(tuple(allowed_by_user()))


def rule_for_composed() -> Rule:
    """The rule for a config that the user composes: modules below the working directory are their own.

    Raises BakeoffError.
    """
    return Rule(tuple(allowed_by_user()), Path.cwd())


def advisable(names: Iterable[str]) -> list[str]:
    """The packages among refused names that could be the user's to allow."""
    named = {name for name in names if NAME.fullmatch(name) and not within(name, FORBIDDEN)}
    known = {*NEVER_AS_A_WHOLE, *sys.stdlib_module_names}
    known |= {package.split(".")[0] for package in PACKAGES}
    return sorted({name.split(".")[0] for name in named}.difference(known))


def advice(names: Iterable[str]) -> list[str]:
    """Lines that say how to allow what was refused, where that can be advised."""
    tops = advisable(names)
    if not tops:
        return []
    listed = ", ".join(f'"{top}"' for top in tops)
    return [
        "Such a config can run any code of these packages. Only if you know what it would do, add "
        f"{' '.join(f'{OPTION} {top}' for top in tops)}, or to pyproject.toml here:",
        "[tool.bakeoff]",
        f"allow = [{listed}]",
    ]


def within(name: str, packages: Sequence[str]) -> bool:
    """Whether a dotted name is one of these, or of what they hold."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


@cache
def _kinds() -> tuple[type, ...]:
    """Of the classes in the allowed packages, subclasses of these may be made; a Metric is a Module."""
    import pytorch_lightning as pl
    from pytorch_lightning.loggers import CSVLogger, TensorBoardLogger
    from pytorch_lightning.profilers import Profiler
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
    )


def _estimators() -> tuple[type, ...]:
    """The kind of scikit-learn's classes. It is imported where a config names one, and nowhere else: it
    takes as long as a short training.
    """
    base = sys.modules.get("sklearn.base")
    return () if base is None else (base.BaseEstimator,)


def _kinds_of_ones_own() -> tuple[type, ...]:
    """What a user's own config may make besides: Lightning's loggers, which may send what they log, its
    strategies and plugins, and the kinds of the package `lightning`, where it is imported.
    """
    from pytorch_lightning.accelerators import Accelerator
    from pytorch_lightning.loggers import Logger
    from pytorch_lightning.plugins import CheckpointIO, ClusterEnvironment, LayerSync, Precision
    from pytorch_lightning.strategies import Strategy

    found = (Accelerator, Logger, Strategy, CheckpointIO, ClusterEnvironment, LayerSync, Precision)
    if (lightning := sys.modules.get("lightning.pytorch")) is not None:
        names = ("Callback", "Trainer", "LightningDataModule", "LightningModule")
        found += tuple(getattr(lightning, name) for name in names)
        found += (lightning.loggers.Logger, lightning.profilers.Profiler)
        found += (lightning.strategies.Strategy,)
    return found


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
