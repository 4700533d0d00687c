"""`bakeoff show`: a sweep's leaderboard, or the record of a run."""

import argparse
from pathlib import Path

from bakeoff.errors import BakeoffError
from bakeoff.store import paths


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    parser = verbs.add_parser("show", help="a sweep's leaderboard, or the record of a run")
    parser.add_argument("sweep", help=f"{paths.SWEEP_FORMS}; or a run's folder, SWEEP/ID")
    parser.set_defaults(answer=answer)


def answer(parsed: argparse.Namespace) -> None:
    """Print what is on disk; nothing is worked out anew."""
    folder = paths.sweep_dir(parsed.sweep)
    if (folder / "run.json").is_file():
        _show_run(folder)
    else:
        _show_sweep(folder)


def _show_sweep(folder: Path) -> None:
    from bakeoff.report.terminal import print_line, show
    from bakeoff.select.leaderboard import JSON_NAME, Leaderboard
    from bakeoff.store import sweeps
    from bakeoff.store.schema import fitted, read_json

    if not sweeps.is_sweep(folder):
        raise BakeoffError(f"{folder} holds no sweep and no run: give {paths.SWEEP_FORMS}")
    path = folder / JSON_NAME
    sweep = sweeps.read(folder)
    if path.is_file():
        mend = f"`bakeoff report {sweep.name}` makes it anew from the runs"
        try:
            content = read_json(path, mend)
        except OSError as error:
            raise BakeoffError(f"cannot read {path}: {error.strerror}; {mend}") from None
        show(fitted(Leaderboard, content, str(path), "a leaderboard"))
    statuses = [f"{count} {status}" for status, count in sweep.statuses.items()]
    print_line("runs", f"{', '.join(statuses) or 'none'}; {sweep.planned} planned")
    if not path.is_file():
        print_line("no leaderboard", f"go on with `bakeoff resume {sweep.name}`")
    print_line("folder", folder)


def _show_run(folder: Path) -> None:
    from bakeoff.report.terminal import print_line
    from bakeoff.report.wording import count, duration, number, size
    from bakeoff.store import record

    run = record.read(folder)
    packages = run.environment.get("packages") or {}
    facts = {
        "run": f"{run.id}, {run.status}",
        "candidate": f"{run.candidate}, seed {run.seed}",
        "experiment": f"{run.experiment}, task {run.task}",
        "overrides": " ".join(run.overrides),
        run.metric.name: f"{number(run.metric.value)} at epoch {run.metric.epoch}",
        "epochs": f"{run.epochs} of {run.max_epochs}",
        "parameters": count(run.parameters),
        "training": duration(run.train_seconds),
        "prediction": f"{duration(run.seconds_per_prediction)} per sample",
        "peak memory": size(run.peak_memory_bytes),
        "data": run.data_fingerprint,
        "checkpoint": run.checkpoint and f"{folder / run.checkpoint.path}",
        "code": run.code,
        "taken over": run.reused_from and f"from {run.reused_from}, where it was trained",
        "device": run.environment.get("device"),
        "packages": ", ".join(f"{name} {version}" for name, version in packages.items()),
        "commit": run.environment.get("commit"),
        "error": run.error,
    }
    for label, text in facts.items():
        if text:
            print_line(label, text)
    for name, value in run.metrics.items():
        print_line(f"  {name}", number(value))
    if run.traceback:
        print(run.traceback)
