"""The jobs of a sweep, composed: once for each choice of groups, then the values of each job are set."""

import pickle
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from hydra.core.override_parser.types import Override
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf, open_dict
from omegaconf.errors import InterpolationResolutionError, InterpolationToMissingValueError

from bakeoff.errors import BakeoffError
from bakeoff.run.allowed import rule_for_composed
from bakeoff.run.candidate import candidate_overrides
from bakeoff.run.gate import Looked, look, look_at_hydra
from bakeoff.run.hydra_parts import varies
from bakeoff.run.kind import unread_mistakes
from bakeoff.run.run_id import settings_id
from bakeoff.sweep.compose import Composer, readable_errors
from bakeoff.sweep.expand import expand
from bakeoff.sweep.overrides import value_mistakes
from bakeoff.sweep.pinned import pin


@dataclass(frozen=True)
class Job:
    """One run: its `overrides`, without Hydra's own settings, and what they compose to.

    Two jobs of the same `settings` are the same run, whatever their files hold; None where a value is
    missing yet. `names`: what the config names to be made, with the key where it stands, of which the
    objects are still to be looked at (`bakeoff.run.gate`).
    """

    number: int
    overrides: list[str]
    settings: str | None
    packed: bytes
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def config(self) -> DictConfig:
        """A new copy of the composed config, Hydra's own settings in it."""
        return pickle.loads(self.packed)


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
    mistakes: dict[str, None] = {}
    looked, rule = looked or Looked(), rule_for_composed()
    of_hydra: dict[tuple[str, ...], Looked] = {}
    varying: set[tuple[str, ...]] = set()  # choices whose jobs differ in what Hydra would make
    wrong: set[str] = set()
    bases: dict[tuple[str, ...], bytes] = {}
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
        bases[choice] = pickle.dumps(base)
        of_hydra[choice] = look_at_hydra(base, rule, trusted)
        varying |= {choice} if varies(base.hydra) else set()
    parsed = cache(lambda line: composer.parse([line])[0])
    resolved: dict[tuple[str, ...], list[str]] = {}  # by candidate
    jobs = []
    for number, lines in enumerate(lines_of_jobs):
        choice = _choice(lines, structural)
        if choice not in bases:
            continue
        config = pickle.loads(bases[choice])
        keys = structural | wrong
        set_values([parsed(line) for line in lines if _key(line) not in keys], config)
        candidate = tuple(candidate_overrides(lines))
        if candidate not in resolved:
            resolved[candidate] = _unresolved(config)
            mistakes |= dict.fromkeys([*resolved[candidate], *unread_mistakes(config, lines)])
        of_job = look(config, rule, trusted) | of_hydra[choice]
        if choice in varying:
            of_job |= look_at_hydra(config, rule, trusted)
        looked |= of_job
        job = _job(number, lines, settings, config, resolves=not resolved[candidate])
        jobs.append(replace(job, names=of_job.names))
    refused = looked.lines()
    return [] if refused else jobs, [*mistakes, *refused]


def _job(
    number: int,
    lines: Sequence[str],
    settings: Sequence[Override],
    config: DictConfig,
    resolves: bool,
) -> Job:
    pins = {_key(line): line for line in pin(config)}
    overrides = [pins.pop(_key(line).lstrip("+"), line) for line in lines]
    overrides += pins.values()
    note(config, [o.input_line for o in settings], overrides)
    try:
        known = settings_id(config) if resolves else None
    except InterpolationResolutionError:  # of a value that is missing, or Hydra's and not known yet
        known = None
    return Job(number, overrides, known, pickle.dumps(config))


def _choice(lines: Sequence[str], structural: set[str]) -> tuple[str, ...]:
    return tuple(line for line in lines if _key(line) in structural)


def _key(line: str) -> str:
    """The key of an override as it was typed, with its `+` or `~`."""
    return line.split("=")[0]


def set_values(overrides: Sequence[Override], config: DictConfig) -> None:
    """Set values as composing with these overrides does."""
    with readable_errors():
        for override in overrides:
            parent, _, name = override.key_or_group.rpartition(".")
            if override.is_delete():
                section = OmegaConf.select(config, parent) if parent else config
                with open_dict(section):
                    del section[name]
            else:
                OmegaConf.update(config, override.key_or_group, override.value(), force_add=True)


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
