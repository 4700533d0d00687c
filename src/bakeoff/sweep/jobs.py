"""The jobs of a sweep, composed: once for each choice of groups, then the values of each job are set."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from hydra.core.override_parser.types import Override
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import InterpolationResolutionError, InterpolationToMissingValueError

from bakeoff.errors import BakeoffError
from bakeoff.run import run_id
from bakeoff.run.allowed import rule_for_composed
from bakeoff.run.candidate import candidate_overrides
from bakeoff.run.gate import CACHES, Looked, look, look_at_hydra
from bakeoff.run.hydra_parts import varies
from bakeoff.run.kind import unread_mistakes
from bakeoff.run.leaves import leaves
from bakeoff.run.literal_secrets import is_secret
from bakeoff.run.targets import TARGET
from bakeoff.sweep.compose import Composer
from bakeoff.sweep.expand import expand
from bakeoff.sweep.overrides import quoted, value_mistakes
from bakeoff.sweep.pinned import is_open, pins
from bakeoff.sweep.template import REFERENCE, Sections, Template, set_values

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
        content.pop("hydra")  # `hydra_parts.varies` tells of it
        self._names_by_reference = _has_computed_names(content)

    def words(self, values: Sequence[Override]) -> list[str]:
        """Those of the overrides that may decide which code a config names, or write a secret in it: a
        number elsewhere does not.
        """
        every = self._names_by_reference or any(REFERENCE in v.input_line for v in values)
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
    which the objects are still to be looked at (`bakeoff.run.gate`).
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


def compose_jobs(
    given: Sequence[Override], composer: Composer, looked: Looked | None = None
) -> tuple[list[Job], list[str]]:
    """The jobs of all overrides, and a line for each mistake; what is wrong is not set in a job. `looked`:
    what a look at the sweep as a whole has found.
    """
    lines_of_jobs = expand([o for o in given if not o.is_hydra_override()])
    return compose_each(lines_of_jobs, given, composer, looked)


def compose_each(
    lines_of_jobs: Sequence[list[str]],
    given: Sequence[Override],
    composer: Composer,
    looked: Looked | None = None,
    trusted: Collection[str] = (),
) -> tuple[list[Job], list[str]]:
    """As `compose_jobs`, of jobs whose overrides are told one by one; `given` are all that occur in them,
    and Hydra's own settings. `trusted`: names that the configs may hold, whatever they lead to. There are
    no jobs where a config names what is not allowed: nothing may be made of them.

    Composing with Hydra takes a hundred times as long as setting the values of a job.
    """
    structural = {o.get_key_element() for o in given if composer.decides_keys(o)}
    settings = [o for o in given if o.is_hydra_override()]
    noted = [o.input_line for o in settings]
    mistakes: dict[str, None] = {}
    looked, rule = looked or Looked(), rule_for_composed()
    of_hydra: dict[tuple[str, ...], Looked] = {}
    varying: set[tuple[str, ...]] = set()  # choices whose jobs differ in what Hydra would make
    wrong: set[str] = set()
    bases: dict[tuple[str, ...], Composed] = {}
    keys_of_choices: dict[tuple[str, ...], set[str]] = {}
    for lines in lines_of_jobs:
        keys_of_choices.setdefault(_choice(lines, structural), set()).update(map(_key, lines))
    for choice, keys in keys_of_choices.items():
        deciding = [o.input_line for o in settings if o.get_key_element() in structural]
        try:
            base = composer.compose([*deciding, *choice], RunMode.RUN)
        except BakeoffError as error:
            mistakes[str(error)] = None
            continue
        for override in (o for o in given if o.get_key_element() not in structural):
            if not override.is_hydra_override() and override.get_key_element() not in keys:
                continue
            if found := value_mistakes(override, base):
                mistakes |= dict.fromkeys(found)
                wrong.add(override.get_key_element())
        set_values([o for o in settings if o.get_key_element() not in structural | wrong], base)
        of_hydra[choice] = look_at_hydra(base, rule, trusted)
        varying |= {choice} if varies(base.hydra) else set()
        bases[choice] = Composed(base)
    parsed = cache(lambda line: composer.parse([line])[0])
    candidates: set[tuple[str, ...]] = set()
    looks: dict[tuple[Any, ...], Looked] = {}  # by what decides the names in a config
    jobs = []
    for number, lines in enumerate(lines_of_jobs):
        choice = _choice(lines, structural)
        if choice not in bases:
            continue
        keys = structural | wrong
        values = [parsed(line) for line in lines if _key(line) not in keys]
        found = dict(bases[choice].pins(values))
        values = [*values, *(parsed(f"{key}={quoted(value)}") for key, value in found.items())]
        words = (choice, *(lines if choice in varying else bases[choice].words(values)))
        if words not in looks:
            config = bases[choice].whole.live(values)
            looks[words] = look(config, rule, trusted) | of_hydra[choice]
            if choice in varying:
                looks[words] |= look_at_hydra(config, rule, trusted)
            looked |= looks[words]
        job = Job(number, _pinned(lines, found), noted, bases[choice], values, looks[words].names)
        jobs.append(job)
        candidate = tuple(candidate_overrides(lines))
        if candidate not in candidates:
            candidates.add(candidate)
            config = bases[choice].whole.live(values)
            mistakes |= dict.fromkeys([*_unresolved(config), *unread_mistakes(config, lines)])
    refused = looked.lines()
    return [] if refused else jobs, [*mistakes, *refused]


def _pinned(lines: Sequence[str], pins: Mapping[str, str]) -> list[str]:
    """The overrides of a job, pinned, and those that pin what its config names by itself."""
    new = {key: f"{key}={value}" for key, value in pins.items()}
    overrides = [new.pop(_key(line).lstrip("+"), line) for line in lines]
    return [*overrides, *new.values()]


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


def _choice(lines: Sequence[str], structural: set[str]) -> tuple[str, ...]:
    return tuple(line for line in lines if _key(line) in structural)


def _key(line: str) -> str:
    """The key of an override as it was typed, with its `+` or `~`."""
    return line.split("=")[0]


def note(config: DictConfig, settings: Sequence[str], overrides: Sequence[str]) -> None:
    """What Hydra notes of the overrides in its own settings of a job."""
    hydra = config.hydra
    hydra.overrides.hydra, hydra.overrides.task = list(settings), list(overrides)
    form = hydra.job.config.override_dirname
    kept = [o for o in overrides if o.split("=")[0].lstrip("+~") not in form.exclude_keys]
    hydra.job.override_dirname = form.item_sep.join(sorted(kept)).replace("=", form.kv_sep)


def _unresolved(config: DictConfig) -> list[str]:
    """A line for each part of a config that refers to what another part does not have."""
    found = []
    for key in config:
        if key == "hydra" or OmegaConf.is_missing(config, key):
            continue
        try:
            if OmegaConf.is_config(config[key]):
                OmegaConf.to_container(config[key], resolve=True)
        except InterpolationToMissingValueError:
            continue  # the value has no place to come from yet: what needs it says so by its own name
        except InterpolationResolutionError as error:
            found.append(
                f"{key}: {str(error).splitlines()[0]}: choose another option of {key}, or give "
                "the value in its place"
            )
    return found
