"""One run: config -> objects -> fit -> run.json. Also the Hydra application, `python -m bakeoff.train`.

torch and Lightning are imported when something trains, not when a config is composed or refused.
"""

import logging
import math
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode, TaskFunction
from omegaconf import DictConfig, OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.gate.allowances import without_option
from bakeoff.gate.error_text import message
from bakeoff.gate.gate import refuse
from bakeoff.identity import run_id
from bakeoff.identity.code_digest import code_of
from bakeoff.identity.identity import Identity, identity
from bakeoff.run.hooks.interruption import InterruptedRunError
from bakeoff.run.new_record import new_record
from bakeoff.select import part
from bakeoff.standard_streams import ensure_open
from bakeoff.store import paths
from bakeoff.store.masking import mask_logging
from bakeoff.store.plan_file import SINGLE
from bakeoff.store.record import GOES_ON, RunRecord, read
from bakeoff.sweep.compose import bounded_sources, package_sources
from bakeoff.sweep.compose.launchers import prefer_own
from bakeoff.sweep.launch.handover import PlannedSweep
from bakeoff.sweep.plan import Plan
from bakeoff.sweep.unplanned import refuse_parts_of_hydra

log = logging.getLogger(__name__)

Fit = Callable[..., int | None]


def train(
    config: DictConfig, known: Identity | None = None, fit: Fit | None = None
) -> float | None:
    """Train one config into its Hydra run directory; the best validation value of the task's metric, None
    where it was finite in no epoch.

    `known` is the identity that a plan gave the run; where the run was interrupted or failed before, it
    goes on from its newest checkpoint, if code and data are what they were. `fit` trains, as
    `bakeoff.run.fit.fit` does, which is the default. Whatever happens is in `run.json`. A failure ends the
    process with status 1, a signal with 128 and its number, after saying why.
    """
    mask_logging()
    job = HydraConfig.get()
    run_dir, is_alone = Path(job.runtime.output_dir), job.mode != RunMode.MULTIRUN
    overrides = OmegaConf.to_container(job.overrides.task)  # as typed: references stay
    given = known or _identity(config, overrides, job.runtime.choices.get("model") or "model")
    record = new_record(config, given, overrides)
    number = None
    try:
        number = _fit(config, record, run_dir, given, known is not None, is_alone, fit)
    except BakeoffError as error:  # the record itself cannot be written
        record.status, record.error = "failed", message(error)
    if record.status != "completed":
        said = f"{record.candidate}, seed {record.seed}: {record.status}: {record.error}"
        print(said, file=sys.stderr)
        sys.exit(1 if number is None else 128 + number)
    metric = record.metric
    value = math.nan if metric.value is None else metric.value
    log.info("%s %.4f (epoch %s)", metric.name, value, metric.epoch)
    if is_alone:
        usual = paths.OUTPUTS / config.experiment
        if job.job.config_name == SINGLE and run_dir.parent.resolve() == usual.resolve():
            paths.point_latest(run_dir)
        _tell(run_dir, record)
    return metric.value


def _identity(config: DictConfig, overrides: Sequence[str], model: str) -> Identity:
    """The identity of a run that no plan has looked at."""
    try:
        refuse(config)
        return identity(config, overrides, model)
    except BakeoffError as error:
        sys.exit(f"bakeoff: {error}")


def _fit(
    config: DictConfig,
    record: RunRecord,
    run_dir: Path,
    known: Identity,
    is_planned: bool,
    shows_progress: bool,
    fit: Fit | None,
) -> int | None:
    """Train, from the newest checkpoint on where a planned run may go on, and write the record before and
    after; the number of the signal that has ended it.
    """
    goes_on = is_planned and _may_go_on(run_dir)
    _note_code(record, known, config)
    record.write(run_dir, begins=True)
    from bakeoff.run.fit import fit as fit_alone
    from bakeoff.run.hooks.continuation import clear, drop_last

    if is_planned and not goes_on:
        clear(run_dir)
    number = (fit or fit_alone)(config, record, run_dir, shows_progress, goes_on)
    record.write(run_dir)
    if is_planned and record.status == "completed":
        drop_last(run_dir)
    return number


def _note_code(record: RunRecord, known: Identity, config: DictConfig) -> None:
    """Note the code that trains, as the record has it."""
    code = known.code or code_of(config)
    try:
        record.code = code.digest()
    except BakeoffError:  # another machine has its modules elsewhere
        code = code_of(config)
        record.code = code.digest()
    record.modules, record.packages = code.users(), dict(code.packages)


def _tell(run_dir: Path, record: RunRecord) -> None:
    """Print where a single run is, and what to do with it."""
    here = run_dir.relative_to(Path.cwd()) if run_dir.is_relative_to(Path.cwd()) else run_dir
    print(f"{'run':<15} {here}")
    for said in filter(None, [*part.unfit([record]), part.said([record])]):
        print(f"{'note':<15} {said}")
    print(f"{'checkpoint':<15} {here / record.checkpoint.path}")
    print(f"{'curves':<15} bakeoff tensorboard {shlex.quote(str(here))}")


def _may_go_on(run_dir: Path) -> bool:
    """Whether a training in this directory ended before it was done, and not because it diverged."""
    try:
        return read(run_dir).status in GOES_ON
    except BakeoffError:
        return False


def sweep(
    arguments: Sequence[str],
    plan: Plan,
    known: Sequence[Identity],
    is_rest: bool = False,
    reuses: bool = False,
) -> None:
    """The Hydra application for a sweep of which the plan and the identities of its jobs are `known`;
    `is_rest` and `reuses` as in `PlannedSweep`.
    """
    apply(arguments, PlannedSweep(train, plan, known, is_rest, reuses) if plan.is_grid else train)


def main(arguments: Sequence[str] | None = None) -> None:
    """The plain Hydra application, on `arguments` instead of the command line's where given.

    Raises BakeoffError where Hydra would make what is not allowed, before it does.
    """
    arguments = without_option(sys.argv[1:] if arguments is None else arguments)
    refuse_parts_of_hydra(arguments)
    apply(arguments)


def apply(arguments: Sequence[str], task: TaskFunction = train) -> None:
    """Run the Hydra application on arguments that name what is allowed only."""
    ensure_open()
    run_id.register()
    prefer_own()
    bounded_sources.register()
    package_sources.register()
    sys.argv = ["bakeoff train", *arguments]
    application = hydra.main(
        version_base="1.3", config_path=str(paths.conf_dir().resolve()), config_name="config"
    )
    application(task)()


if __name__ == "__main__":
    # Through the importable module: worker processes must find `train` by its name.
    from bakeoff.train import main as run

    try:
        run()
    except BakeoffError as error:
        sys.exit(f"bakeoff: {error}")
    except InterruptedRunError as error:
        print(f"bakeoff: interrupted by {error}", file=sys.stderr)
        sys.exit(128 + error.number)
