"""A primary config and its overrides -> the jobs of its sweep, with every mistake found at once.

Needs Hydra only, not torch: a mistake on the command line is answered before anything heavy loads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hydra.core.override_parser.types import Override
from hydra.types import RunMode
from omegaconf import DictConfig

from bakeoff.errors import BakeoffError
from bakeoff.gate.allowed import rule_for_composed
from bakeoff.gate.gate import look_at_hydra
from bakeoff.identity import run_id
from bakeoff.identity.candidate import key_of
from bakeoff.sweep.compose.compose import Composer, config_loader, noted
from bakeoff.sweep.compose.compose_jobs import compose_jobs
from bakeoff.sweep.compose.expand import values
from bakeoff.sweep.compose.jobs import Job, first_of_candidates
from bakeoff.sweep.compose.launchers import GROUP, launcher_mistakes, unheld_mistakes
from bakeoff.sweep.compose.limits import KEY as LIMITS
from bakeoff.sweep.compose.overrides import mode_mistakes, option_mistakes
from bakeoff.sweep.compose.pinned import pinned_override
from bakeoff.sweep.hydra_settings import setting_mistakes
from bakeoff.sweep.search import search_mistakes, searches, tried
from bakeoff.sweep.selection import selection_mistakes, selection_of
from bakeoff.sweep.twins import twins


@dataclass(frozen=True)
class Plan:
    """The jobs of a command. `typed` are its overrides; `overrides` are the same, with `latest` pinned to
    the folder that it names now where a key names a run to start from.
    """

    config_name: str
    config_dir: Path | None
    typed: list[str]
    overrides: list[str]
    multirun: bool
    jobs: list[Job]

    @property
    def settings(self) -> list[str]:
        """The overrides of Hydra's own settings."""
        return noted(self.jobs[0].config, "hydra")

    @property
    def overrides_of_the_whole(self) -> list[str]:
        """The overrides without those of keys below a group that the jobs choose: the group's default, with
        which Hydra composes the sweep as a whole, need not have them.
        """
        chosen = {key_of(line).partition("/")[0] for line in self.jobs[0].overrides}
        return [
            line
            for line in self.overrides
            if "." not in key_of(line) or key_of(line).partition(".")[0] not in chosen
        ]

    @property
    def options(self) -> list[str]:
        """The options by which the plain Hydra application finds the primary config and the mode."""
        folder = [] if self.config_dir is None else [f"--config-dir={self.config_dir}"]
        mode = ["--multirun"] if self.multirun else []
        return [*folder, f"--config-name={self.config_name}", *mode]

    @property
    def is_grid(self) -> bool:
        """Whether the sweep is bakeoff's own: another sweeper of Hydra's may choose other jobs."""
        return self.jobs[0].config.hydra.runtime.choices["hydra/sweeper"] == "grid"

    @property
    def is_search(self) -> bool:
        """Whether the sweeper chooses the jobs while it runs: `jobs` are then what was checked."""
        return self.multirun and searches(self.jobs[0].config)

    @property
    def names(self) -> dict[str, str]:
        """What all jobs name to be made, as in `Job`."""
        return {name: key for job in self.jobs for name, key in job.names.items()}

    @property
    def candidates(self) -> list[Job]:
        """The first job of each candidate."""
        return first_of_candidates(self.jobs)


def plan(
    config_name: str,
    overrides: Sequence[str],
    config_dir: Path | None = None,
    multirun: bool = False,
) -> Plan:
    """Compose and check the jobs of a config; `config_dir` is searched beside bakeoff's own `conf/`.

    A config that says `hydra.mode: MULTIRUN` is swept, as with `multirun`. Raises BakeoffError that lists
    all mistakes.
    """
    planned, mistakes = draft(config_name, overrides, config_dir, multirun)
    if mistakes:
        raise BakeoffError("\n".join(mistakes))
    return planned


def draft(
    config_name: str,
    overrides: Sequence[str],
    config_dir: Path | None = None,
    multirun: bool = False,
) -> tuple[Plan | None, list[str]]:
    """The plan of what is right, and the mistakes; no plan where they leave open which jobs there are.

    Raises BakeoffError where Hydra cannot read the config or the overrides.
    """
    with config_loader(config_dir) as loader:
        composer = Composer(loader, config_name, overrides)
        return draft_with(composer, config_dir, overrides, multirun)


def draft_with(
    composer: Composer, config_dir: Path | None, overrides: Sequence[str], multirun: bool
) -> tuple[Plan | None, list[str]]:
    """As `draft`, with what a composer finds on its search path."""
    run_id.register()
    given = composer.parse(overrides)
    mistakes = launcher_mistakes(given) or option_mistakes(given, composer)
    if mistakes:
        return None, mistakes
    first = [values(o)[0] for o in given if composer.decides_keys(o)]
    base = composer.compose(first, RunMode.MULTIRUN)
    multirun = multirun or base.hydra.mode == RunMode.MULTIRUN
    swept = _with_own_sweep(base, given, composer) if multirun else given
    mistakes = option_mistakes(swept, composer) + mode_mistakes(swept, multirun)
    if mistakes:
        return None, mistakes
    if multirun and searches(base):
        mistakes = search_mistakes(swept, base)
        if mistakes:
            return None, mistakes
        swept = composer.parse([tried(override) for override in swept])
    keys = run_id.starts_from(base)
    pinned = [pinned_override(override, keys) for override in given]
    lines = [pinned_override(override, keys) for override in swept]
    jobs, mistakes = compose_jobs(
        composer.parse(lines), composer, look_at_hydra(base, rule_for_composed())
    )
    if jobs:
        mistakes += selection_mistakes(jobs[0].config)
        mistakes += setting_mistakes(jobs[0].config.hydra, multirun)
        mistakes += unheld_limits(jobs) if multirun else []
    if multirun and not mistakes:
        mistakes = twins((job.settings, job.overrides) for job in jobs)
    planned = Plan(composer.config_name, config_dir, list(overrides), pinned, multirun, jobs)
    if jobs and not mistakes and not planned.is_grid and selection_of(jobs[0].config).finalists:
        mistakes = [
            "selection.finalists: only a sweep of bakeoff's own, hydra/sweeper=grid, has finalists"
        ]
    return planned if jobs else None, mistakes


def unheld_limits(jobs: Sequence[Job]) -> list[str]:
    """A line for each limit that the launcher of these jobs would not hold."""
    limits = jobs[0].sections.get(LIMITS)
    launcher = jobs[0].composed.choices[GROUP]
    return unheld_mistakes(launcher, limits if isinstance(limits, dict) else {})


def _with_own_sweep(
    base: DictConfig, given: Sequence[Override], composer: Composer
) -> list[Override]:
    """The sweep that the config asks for itself, then the overrides of the command line; these take the
    place of those with the same key, in whatever form they are typed.
    """
    params = base.hydra.sweeper.get("params") or {}
    own = composer.parse([f"{key}={value}" for key, value in params.items()])
    found: list[Override] = []
    for override in own:
        found += [o for o in given if _key(o) == _key(override)] or [override]
    return [*found, *(o for o in given if o not in found)]


def _key(override: Override) -> tuple[str, str | None]:
    return override.key_or_group, override.package
