"""The jobs of a sweep: what Hydra composed for a choice of groups, with the values of each job."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from hydra.core.override_parser.types import Override
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import InterpolationResolutionError

from bakeoff.gate.gate import CACHES
from bakeoff.gate.hydra_parts import varies
from bakeoff.gate.leaves import leaves
from bakeoff.gate.literal_secrets import is_secret
from bakeoff.gate.targets import TARGET
from bakeoff.identity import run_id
from bakeoff.identity.candidate import candidate_overrides
from bakeoff.sweep.compose.pinned import is_open, pins
from bakeoff.sweep.compose.template import REFERENCE, Sections, Template

NAMING = (TARGET, "path", *CACHES)  # keys whose values the gate looks at
SEVERAL = re.compile(r"\$\{.*\$\{", re.DOTALL)  # references, of which one may stand within another


class Composed:
    """What Hydra composed for one choice of groups, Hydra's own settings in it; jobs set values in it."""

    def __init__(self, config: DictConfig) -> None:
        self.choices = dict(config.hydra.runtime.choices)
        self.whole = Template(config, hidden=("hydra",))
        self.deciding = Template(run_id.deciding_part(config))
        self._starts = run_id.starts_from(config)
        content = OmegaConf.to_container(config)
        known = dict(leaves(content))
        self._pins = any(is_open(known.get(key)) for key in self._starts)
        content.pop("hydra")
        self.varies = varies(config.hydra)  # by what a job sets elsewhere
        self._names_by_reference = _has_computed_names(content)

    def words(self, values: Sequence[Override]) -> list[str]:
        """Those of the overrides that may decide which code a config names, or write a secret in it: a
        number elsewhere does not.
        """
        every = self.varies or self._names_by_reference
        every = every or any(REFERENCE in v.input_line for v in values)
        return [v.input_line for v in values if every or _may_name(v)]

    def pins(self, values: Sequence[Override]) -> Mapping[str, str]:
        """As `pinned.pins`, of the config with these values."""
        keys = (*self._starts, "task.starts_from")
        touched = any(_concerns(value.key_or_group, key) for value in values for key in keys)
        return pins(self.whole.live(values)) if self._pins or touched else {}


@dataclass(frozen=True)
class Job:
    """One run: its `overrides`, without Hydra's own settings, and what they compose to.

    Two jobs of the same `settings` are the same run, whatever their files hold. `noted` are the overrides
    of Hydra's own settings. `names`: what the config names to be made, with the key where it stands, of
    which the objects are still to be looked at (`bakeoff.gate.gate`).
    """

    number: int
    overrides: list[str]
    noted: Sequence[str]
    composed: Composed = field(repr=False)
    values: Sequence[Override] = field(repr=False, default=())  # that are set in it
    names: Mapping[str, str] = field(repr=False, default_factory=dict)

    @property
    def config(self) -> DictConfig:
        """A new copy of the composed config, Hydra's own settings in it."""
        config = self.composed.whole.config(self.values)
        note(config, self.noted, self.overrides)
        return config

    @property
    def sections(self) -> Mapping[str, Any]:
        """The sections of the config, without Hydra's own settings, resolved when one is asked for; nobody
        may change them.
        """
        return Sections(self.composed.whole, self.values)

    @property
    def text(self) -> str:
        """The config as YAML, without Hydra's own settings, with references as they were typed."""
        return self.composed.whole.text(self.values)

    @cached_property
    def decisive(self) -> dict[str, Any]:
        """As `run_id.decisive` of the config; nobody may change it."""
        return run_id.decisive_of(Sections(self.composed.deciding, self._deciding()))

    @property
    def settings(self) -> str | None:
        """The id of the run but for the content of files; None where a value is missing yet."""
        try:
            return run_id.settings_id(self.decisive)
        except InterpolationResolutionError:  # of a missing value, or Hydra's and not known yet
            return None

    @property
    def candidate_id(self) -> str:
        """As `run_id.candidate_id` of the config."""
        config = self.composed.deciding.config(self._deciding())
        run_id.fix(config, run_id.REPLICATE_KEYS)
        content = OmegaConf.to_container(config, resolve=True)
        return run_id.candidate_id_of(run_id.decisive_of(content))

    def _deciding(self) -> list[Override]:
        return [value for value in self.values if run_id.is_deciding(value.key_or_group)]


def first_of_candidates(jobs: Iterable[Job]) -> list[Job]:
    """The first job of each candidate."""
    found: dict[tuple[str, ...], Job] = {}
    for job in jobs:
        found.setdefault(tuple(candidate_overrides(job.overrides)), job)
    return list(found.values())


def _may_name(override: Override) -> bool:
    last = override.key_or_group.rpartition(".")[2]
    is_number = not override.is_delete() and isinstance(override.value(), int | float | None)
    return not is_number or last in NAMING or is_secret(last)


def _has_computed_names(node: Any, key: str = "") -> bool:
    """Whether a reference in plain containers decides what is named: in a name, or by a reference in it."""
    if isinstance(node, str):
        return bool(SEVERAL.search(node)) or (key in NAMING and REFERENCE in node)
    if isinstance(node, dict):
        return any(_has_computed_names(value, str(name)) for name, value in node.items())
    return isinstance(node, list) and any(_has_computed_names(value, key) for value in node)


def _concerns(key: str, other: str) -> bool:
    """Whether one of two keys is the other, or a part of it."""
    return f"{key}.".startswith(f"{other}.") or f"{other}.".startswith(f"{key}.")


def note(config: DictConfig, settings: Sequence[str], overrides: Sequence[str]) -> None:
    """What Hydra notes of the overrides in its own settings of a job."""
    hydra = config.hydra
    hydra.overrides.hydra, hydra.overrides.task = list(settings), list(overrides)
    form = hydra.job.config.override_dirname
    kept = [o for o in overrides if o.split("=")[0].lstrip("+~") not in form.exclude_keys]
    hydra.job.override_dirname = form.item_sep.join(sorted(kept)).replace("=", form.kv_sep)
