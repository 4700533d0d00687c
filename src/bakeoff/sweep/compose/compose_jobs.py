"""Composing the jobs of a sweep: once for each choice of groups, then the values of each job are set."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

from hydra.core.override_parser.types import Override
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import InterpolationResolutionError, InterpolationToMissingValueError

from bakeoff.errors import BakeoffError
from bakeoff.gate.allowed import rule_for_composed
from bakeoff.gate.gate import Looked, look, look_at_hydra
from bakeoff.identity.kind import unread_mistakes
from bakeoff.sweep.compose.compose import Composer
from bakeoff.sweep.compose.expand import expand
from bakeoff.sweep.compose.jobs import Composed, Job, first_of_candidates
from bakeoff.sweep.compose.overrides import quoted, value_mistakes
from bakeoff.sweep.compose.template import set_values

Choice = tuple[str, ...]  # the overrides of a job that decide which keys its config has


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
    bases, wrong, mistakes = _bases(lines_of_jobs, given, composer, structural)
    noted = [o.input_line for o in given if o.is_hydra_override()]
    parsed = cache(lambda line: composer.parse([line])[0])
    gate = _Gate(looked or Looked(), trusted)
    jobs = []
    for number, lines in enumerate(lines_of_jobs):
        base = bases.get(_choice(lines, structural))
        if base is None:
            continue
        values = [parsed(line) for line in lines if _key(line) not in structural | wrong]
        pins = base.pins(values)
        values = [*values, *(parsed(f"{key}={quoted(value)}") for key, value in pins.items())]
        names = gate.names(base, values)
        jobs.append(Job(number, _pinned(lines, pins), noted, base, values, names))
    for job in first_of_candidates(jobs):
        config = job.composed.whole.live(job.values)
        mistakes += [*_unresolved(config), *unread_mistakes(config, job.overrides)]
    refused = gate.looked.lines()
    return [] if refused else jobs, [*dict.fromkeys(mistakes), *refused]


def _bases(
    lines_of_jobs: Sequence[list[str]],
    given: Sequence[Override],
    composer: Composer,
    structural: Collection[str],
) -> tuple[dict[Choice, Composed], set[str], list[str]]:
    """What Hydra composes for each choice of groups, the keys of overrides that are wrong somewhere, and a
    line for each mistake.
    """
    settings = [o for o in given if o.is_hydra_override()]
    deciding = [o.input_line for o in settings if o.get_key_element() in structural]
    setting = [o for o in given if o.get_key_element() not in structural]
    bases: dict[Choice, Composed] = {}
    wrong: set[str] = set()
    mistakes: list[str] = []
    for choice, keys in _keys_of_choices(lines_of_jobs, structural).items():
        try:
            base = composer.compose([*deciding, *choice], RunMode.RUN)
        except BakeoffError as error:
            mistakes.append(str(error))
            continue
        for override in setting:
            if override.is_hydra_override() or override.get_key_element() in keys:
                found = value_mistakes(override, base)
                mistakes += found
                wrong |= {override.get_key_element()} if found else set()
        right = [o for o in setting if o.is_hydra_override() and o.get_key_element() not in wrong]
        set_values(right, base)
        bases[choice] = Composed(base)
    return bases, wrong, mistakes


def _keys_of_choices(
    lines_of_jobs: Sequence[list[str]], structural: Collection[str]
) -> Mapping[Choice, set[str]]:
    """The choices of groups, with all keys that their jobs set."""
    found: dict[Choice, set[str]] = {}
    for lines in lines_of_jobs:
        found.setdefault(_choice(lines, structural), set()).update(map(_key, lines))
    return found


class _Gate:
    """Looks at what jobs name, once for all whose names cannot differ; `looked`: what was found in all."""

    def __init__(self, looked: Looked, trusted: Collection[str]) -> None:
        self.looked = looked
        self._rule, self._trusted = rule_for_composed(), trusted
        self._of_hydra: dict[Composed, Looked] = {}
        self._known: dict[tuple[Composed, *tuple[str, ...]], Looked] = {}

    def names(self, base: Composed, values: Sequence[Override]) -> Mapping[str, str]:
        """Those of the job with these values, as in `Job`."""
        key = (base, *base.words(values))
        if key not in self._known:
            config = base.whole.live(values)
            found = look(config, self._rule, self._trusted) | self._at_hydra(base, config)
            self._known[key] = found
            self.looked |= found
        return self._known[key].names

    def _at_hydra(self, base: Composed, config: DictConfig) -> Looked:
        if base not in self._of_hydra:
            self._of_hydra[base] = look_at_hydra(base.whole.config([]), self._rule, self._trusted)
        found = self._of_hydra[base]
        return found | look_at_hydra(config, self._rule, self._trusted) if base.varies else found


def _pinned(lines: Sequence[str], pins: Mapping[str, str]) -> list[str]:
    """The overrides of a job, pinned, and those that pin what its config names by itself."""
    new = {key: f"{key}={value}" for key, value in pins.items()}
    overrides = [new.pop(_key(line).lstrip("+"), line) for line in lines]
    return [*overrides, *new.values()]


def _choice(lines: Sequence[str], structural: Collection[str]) -> Choice:
    return tuple(line for line in lines if _key(line) in structural)


def _key(line: str) -> str:
    """The key of an override as it was typed, with its `+` or `~`."""
    return line.split("=")[0]


def _unresolved(config: DictConfig) -> Iterator[str]:
    """A line for each part of a config that refers to what another part does not have."""
    for key in config:
        if key == "hydra" or OmegaConf.is_missing(config, key):
            continue
        try:
            if OmegaConf.is_config(config[key]):
                OmegaConf.to_container(config[key], resolve=True)
        except InterpolationToMissingValueError:
            continue  # the value has no place to come from yet: what needs it says so by its own name
        except InterpolationResolutionError as error:
            yield (
                f"{key}: {str(error).splitlines()[0]}: choose another option of {key}, or give "
                "the value in its place"
            )
