"""Runs that an earlier sweep has trained are taken over: of the same id, by the same code, on the same kind
of device.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf, open_dict

from bakeoff.errors import BakeoffError
from bakeoff.identity.code_digest import code_of
from bakeoff.identity.environment import packages_now
from bakeoff.identity.identity import Identity
from bakeoff.identity.user_files import tells_content
from bakeoff.store import atomic, paths, record
from bakeoff.store.digest import file_digest
from bakeoff.store.record import RunRecord, is_own_run
from bakeoff.sweep.compose.jobs import Job
from bakeoff.sweep.run_copy import copy_run


class UnfitRunError(Exception):
    """An earlier run that is not the one that would be trained now; the message says why."""


def take_over(
    sweep_dir: Path, jobs: Sequence[Job], identities: Sequence[Identity]
) -> tuple[set[str], list[str]]:
    """Put the runs that other sweeps under `outputs/` have completed into `sweep_dir`; their ids, and what
    to say of them and of those that were not fit.

    A run that has a folder in `sweep_dir` is left alone.
    """
    known = _runs_by_id(sweep_dir)
    taken: set[str] = set()
    unfit: Counter[str] = Counter()
    digests: dict[int, str] = {}  # of runs with the same code one object tells it
    for job, identity in zip(jobs, identities, strict=True):
        if (sweep_dir / identity.run).exists() or identity.run not in known:
            continue
        if not tells_content(_data_class(job.sections)):
            unfit["its data module does not declare its files, which may have changed"] += 1
            continue
        code = identity.code or code_of(job.config)
        if id(code) not in digests:
            digests[id(code)] = code.digest()
        reasons = []
        for run_dir in known[identity.run]:
            try:
                run = _fit(run_dir, identity.run, digests[id(code)], _device(job.sections))
                _take(run_dir, run, sweep_dir, job, identity)
                taken.add(identity.run)
                break
            except UnfitRunError as reason:
                reasons.append(str(reason))
        else:
            unfit.update(reasons[:1])
    said = [
        f"{_runs(count)} trained before, but {reason}: trained again"
        for reason, count in unfit.items()
    ]
    if taken:
        said.insert(
            0,
            f"{len(taken)} of {_runs(len(jobs))} trained before: reused (`--fresh` trains them again)",
        )
    return taken, said


def _runs(count: int) -> str:
    return "1 run was" if count == 1 else f"{count} runs were"


def _runs_by_id(sweep_dir: Path) -> Mapping[str, list[Path]]:
    """The run folders of other sweeps by name, those of the newest sweep first."""
    found: dict[str, list[Path]] = {}
    own = sweep_dir.resolve()
    sweeps = [s for s in paths.OUTPUTS.glob("*/*") if not s.is_symlink() and s.resolve() != own]
    for sweep in sorted(sweeps, key=lambda folder: folder.name, reverse=True):
        for run_dir in _folders(sweep):
            found.setdefault(run_dir.name, []).append(run_dir)
    return found


def _folders(place: Path) -> Iterator[Path]:
    try:
        with os.scandir(place) as entries:
            yield from (Path(e.path) for e in entries if e.is_dir(follow_symlinks=False))
    except OSError:  # a file, or a folder of somebody else's
        return


def _fit(run_dir: Path, id_: str, code: str, device: str) -> RunRecord:
    """The record of a completed run that is what training it now, by `code` and on `device`, would give.
    Raises UnfitRunError.
    """
    try:
        run = record.read(run_dir)
    except BakeoffError:
        raise UnfitRunError("the record is damaged or missing") from None
    if run.id != id_ or run.status != "completed" or run.checkpoint is None:
        raise UnfitRunError("did not complete")
    before = run.environment.get("packages") or {}
    changed = [
        f"{name} {before[name]} (now {version})"
        for name, version in packages_now().items()
        if name in before and before[name] != version
    ]
    if run.code != code:
        raise UnfitRunError(
            f"with {', '.join(changed)}" if changed else "code or packages have changed since"
        )
    trained_on = str(run.environment.get("device", "")).partition(":")[0]
    if trained_on != device:
        raise UnfitRunError(f"on another kind of device ({trained_on or 'unknown'}, now {device})")
    path = run_dir / run.checkpoint.path
    if not path.is_file() or file_digest(path) != run.checkpoint.sha256:
        raise UnfitRunError("the checkpoint is missing or damaged")
    if missing := [name for name in run.artifacts if not (run_dir / name).is_file()]:
        raise UnfitRunError(f"{', '.join(missing)} is missing")
    if not is_own_run(run_dir):
        raise UnfitRunError("the folder was not written by you, or was changed since")
    return run


def _data_class(config: Mapping[str, Any]) -> str:
    data = config.get("data")
    return str(data.get("_target_")) if isinstance(data, Mapping) else ""


def _device(config: Mapping[str, Any]) -> str:
    """The kind of device that a config would be trained on here."""
    import torch

    trainer = config.get("trainer")
    asked = str((trainer.get("accelerator") if isinstance(trainer, Mapping) else None) or "auto")
    if asked == "auto":
        accelerator = torch.accelerator.current_accelerator()
        return "cpu" if accelerator is None else accelerator.type
    return "cuda" if asked == "gpu" else asked


def _take(run_dir: Path, run: RunRecord, sweep_dir: Path, job: Job, identity: Identity) -> None:
    """Make the folder of a run in `sweep_dir`, whole or not at all. Raises UnfitRunError where it cannot be
    copied.
    """
    started = sweep_dir / f".{identity.run}.taken"
    shutil.rmtree(started, ignore_errors=True)
    try:
        copy_run(run_dir, started, run.checkpoint.path)
        config = job.config
        _note(started / ".hydra", config, job.overrides, sweep_dir)
        origin = "/".join(run_dir.resolve().parts[-3:])
        replace(
            run,
            experiment=config.experiment,
            candidate=identity.name,
            candidate_id=identity.candidate,
            overrides=job.overrides,
            role=identity.role,
            reused_from=run.reused_from or origin,
        ).write(started)
        started.rename(sweep_dir / identity.run)
    except (OSError, BakeoffError) as error:
        raise UnfitRunError(f"cannot be copied ({error})") from None
    finally:
        shutil.rmtree(started, ignore_errors=True)


def _note(folder: Path, config: DictConfig, overrides: Sequence[str], sweep_dir: Path) -> None:
    """What Hydra leaves beside a run, of the job that takes it over."""
    hydra = OmegaConf.masked_copy(config, ["hydra"])
    hydra.hydra.sweep.dir = str(sweep_dir)
    with open_dict(config):
        del config["hydra"]
    atomic.write_text(folder / "config.yaml", OmegaConf.to_yaml(config))
    atomic.write_text(folder / "hydra.yaml", OmegaConf.to_yaml(hydra))
    atomic.write_text(
        folder / "overrides.yaml", OmegaConf.to_yaml(OmegaConf.create(list(overrides)))
    )
