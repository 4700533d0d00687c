"""A bake-off from its plan to its report, and what resumes or extends one.

What trains is imported where it is called: a mistake is answered before torch is imported.
"""

import os
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path

from bakeoff.errors import BakeoffError, LostRunsError, NothingSelectedError
from bakeoff.findings import open_test, ranked, write
from bakeoff.identity.candidate import key_of
from bakeoff.identity.identity import Identity
from bakeoff.report.terminal import print_line
from bakeoff.report.wording import counted
from bakeoff.run.hooks.interruption import ENDING, InterruptedRunError
from bakeoff.select.lost_runs import lost_runs
from bakeoff.select.sealed_test import note_training
from bakeoff.store import paths, plan_file, record
from bakeoff.store.lock import held
from bakeoff.sweep.commands import resume_command
from bakeoff.sweep.compose.overrides import quoted
from bakeoff.sweep.extension import extended, with_finalists
from bakeoff.sweep.identities import identities
from bakeoff.sweep.launch.prepare import prepare
from bakeoff.sweep.plan import Plan
from bakeoff.sweep.progress import Terminal
from bakeoff.sweep.remaining import plan_of, readable, remaining
from bakeoff.sweep.starting_over import changed_since, starting_over
from bakeoff.train import sweep

err = Terminal()
BY_SIGNAL = [128 + number for number in ENDING]  # the status of a run in this process


def bake(planned: Plan, is_fresh: bool = False) -> None:
    """Check, sweep, select, open the test set once, report. Raises BakeoffError.

    Runs that earlier sweeps have trained are taken over, with `is_fresh` trained again.
    """
    err.print("checking data and models")
    prepare(planned)
    _check(planned)
    known = identities(planned.jobs)
    sweep_dir = _new_sweep_dir(planned)
    with held(sweep_dir):
        _sweep(planned, known, sweep_dir, reuses=not is_fresh)
        _conclude(sweep_dir)


def resume(
    sweep_dir: Path, failed: bool, launcher: Sequence[str] = (), is_fresh: bool = False
) -> None:
    """Train the runs of a sweep's plan that have not ended, with `failed` those too that failed or
    diverged; then go on as `bake`. `launcher` are overrides of the launcher's settings.

    Raises BakeoffError, also where another process works on the sweep.
    """
    plan = plan_file.read_own(sweep_dir)
    with held(sweep_dir):
        jobs = remaining(sweep_dir, plan, failed)
        if jobs or launcher:  # mistakes in `launcher` are said where nothing is to train, too
            planned, known = plan_of(plan, jobs, launcher)
        print_line("to train", f"{len(jobs)} of {len(plan.jobs)} runs")
        if jobs:
            _tell_of_other_code(sweep_dir, planned, known)
            _check(planned)
            _refuse_other_data(sweep_dir, planned, known)
            note_training(sweep_dir, [job.id for job in jobs])
            _sweep(planned, known, sweep_dir, is_rest=True, reuses=not is_fresh)
        _conclude(sweep_dir)


def extend(
    sweep_dir: Path,
    overrides: Sequence[str],
    candidates: Collection[str] | None = None,
    is_fresh: bool = False,
) -> None:
    """Add the runs to a sweep that `sweep.extension` composes for these overrides, train what is missing of
    the whole, and go on as `bake`. `candidates`: the ids of those that are varied; None: all.

    Raises BakeoffError for every mistake before anything is changed, also where another process works
    on the sweep.
    """
    with held(sweep_dir):
        before = plan_file.read_own(sweep_dir)
        plan = extended(before, overrides, candidates)
        jobs = remaining(sweep_dir, plan, failed=False)
        added = len(plan.jobs) - len(before.jobs)
        print_line(
            "added", counted(added, "run") if added else "no runs: the sweep has them already"
        )
        print_line("to train", f"{len(jobs)} of {len(plan.jobs)} runs")
        if jobs:
            planned, known = plan_of(plan, jobs)
            _tell_of_other_code(sweep_dir, planned, known)
            err.print("checking data and models")
            _check(planned)
            _refuse_other_data(sweep_dir, planned, known)
            note_training(sweep_dir, [job.id for job in jobs])
            plan.write(sweep_dir)
            _sweep(planned, known, sweep_dir, is_rest=True, reuses=not is_fresh)
        elif plan != before:
            plan.write(sweep_dir)
        _conclude(sweep_dir)


def _tell_of_other_code(sweep_dir: Path, planned: Plan, known: Sequence[Identity]) -> None:
    if count := len(starting_over(sweep_dir, planned.jobs, known)):
        print_line(
            "to start anew", f"{count} of them: code or packages have changed since they began"
        )
    if changed := changed_since(readable(sweep_dir)):
        print_line(
            "changed since",
            f"{', '.join(changed)}: what is trained now does not compare with the runs that completed; "
            "restore it, or run the experiment anew",
        )


def _refuse_other_data(sweep_dir: Path, planned: Plan, known: Sequence[Identity]) -> None:
    """Raises BakeoffError where these runs would not be evaluated on the data of the sweep's other runs."""
    from bakeoff.sweep.comparable import refuse_other_data

    replaced = {one.run for one in known}
    others = [run for run in readable(sweep_dir) if run.id not in replaced]
    refuse_other_data(planned.jobs, others)


def _check(planned: Plan) -> None:
    from bakeoff.sweep.preflight import preflight

    preflight(planned)


def _conclude(sweep_dir: Path, opens_test: bool = True) -> None:
    """Show what a sweep has found. Raises LostRunsError where not all of its runs completed and leaderboard
    and report say so; BakeoffError where these cannot be written.
    """
    _fit_baselines(sweep_dir)
    found = ranked(sweep_dir)
    if opens_test and found.board.awaits is not None:
        _train_finalists(sweep_dir, **found.board.awaits)
        found = ranked(sweep_dir)
    lost = lost_runs(sweep_dir, found.board)
    try:
        if opens_test and found.board.selected_run is not None:
            open_test(found)
        else:
            write(found)
    except BakeoffError as error:
        if not lost:
            raise
        said = f"{error}\n{lost}"
        is_shown = isinstance(error, NothingSelectedError) and found.board.selected_run is None
        raise (LostRunsError if is_shown else BakeoffError)(said) from None
    if lost:
        raise LostRunsError(lost)


def _train_finalists(sweep_dir: Path, candidates: Sequence[str], seeds: Sequence[int]) -> None:
    """Plan and train the runs of these candidates on fresh seeds; where this is interrupted, `resume` goes
    on by the plan. Raises BakeoffError.
    """
    before = plan_file.read_own(sweep_dir)
    plan = with_finalists(before, candidates, seeds)
    jobs = plan.jobs[len(before.jobs) :]
    planned, known = plan_of(plan, jobs)
    err.print(f"{len(candidates)} finalists on {len(seeds)} fresh seeds")
    note_training(sweep_dir, [job.id for job in jobs])
    plan.write(sweep_dir)
    _sweep(planned, known, sweep_dir, is_rest=True)


def train_all(planned: Plan) -> None:
    """Sweep and rank, and leave the test set closed. Raises BakeoffError."""
    known = identities(planned.jobs)
    sweep_dir = _new_sweep_dir(planned)
    _sweep(planned, known, sweep_dir)
    _conclude(sweep_dir, opens_test=False)


def _new_sweep_dir(planned: Plan) -> Path:
    """The sweep's folder, new and empty: that of `hydra.sweep.dir` where it was set, else one named by the
    time. `latest` beside it points to it, where it is one of the experiment's in `outputs/`.

    Raises BakeoffError.
    """
    config = planned.jobs[0].config
    asked = Path(config.hydra.sweep.dir)
    usual = paths.OUTPUTS / config.experiment
    if asked.parent == usual and "hydra.sweep.dir" not in map(key_of, planned.settings):
        sweep_dir = paths.new_sweep_dir(config.experiment, asked.name)
    else:
        sweep_dir = paths.given_sweep_dir(asked)
    if sweep_dir.parent.resolve() == usual.resolve():
        paths.point_latest(sweep_dir)
    return sweep_dir


def _sweep(
    planned: Plan,
    known: Sequence[Identity],
    sweep_dir: Path,
    is_rest: bool = False,
    reuses: bool = False,
) -> None:
    err.print(
        f"{counted(len(planned.jobs), 'run')} in {sweep_dir}", highlight=False, soft_wrap=True
    )
    place = f"hydra.sweep.dir={quoted(os.path.relpath(sweep_dir))}"
    try:
        given = planned.overrides_of_the_whole if planned.is_grid else planned.overrides
        sweep([*planned.options, *given, place], planned, known, is_rest, reuses)
    except (InterruptedRunError, SystemExit) as ended:
        if isinstance(ended, InterruptedRunError) or ended.code in BY_SIGNAL:
            with suppress(BakeoffError):  # without a winner, or without any run
                write(ranked(sweep_dir))
            print_line("go on with", resume_command(sweep_dir))
            raise
        if not record.read_all(sweep_dir):
            raise
        # A run failed: the leaderboard says which, and the others count.


def _fit_baselines(sweep_dir: Path) -> None:
    """Fit what the candidates must beat; what goes wrong with it is said, and stops nothing."""
    from bakeoff.sweep.launch.baselines import fit_baselines

    try:
        with err.status("fitting the baselines"):
            for run in fit_baselines(sweep_dir):
                if run.status != "completed":
                    said = f"baseline {run.candidate}: {run.status}: {run.error}"
                    err.print(said, markup=False, highlight=False, soft_wrap=True)
    except BakeoffError as error:
        err.print(f"no baselines: {error}", markup=False, highlight=False, soft_wrap=True)
