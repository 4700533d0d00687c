"""RunRecord: what `run.json` holds, the evidence that one run leaves."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from bakeoff.errors import BakeoffError
from bakeoff.store import atomic, own
from bakeoff.store.inside import inside
from bakeoff.store.masking import masked_containers
from bakeoff.store.schema import fitted, read_json

Status = Literal["running", "completed", "failed", "diverged", "pruned", "interrupted"]
ENDED = ("completed", "failed", "diverged", "pruned")
# From its newest checkpoint, when it is trained again.
GOES_ON = ("running", "interrupted", "failed")
Direction = Literal["max", "min"]
FILE_NAME = "run.json"
CONFIG = ".hydra/config.yaml"
SAID = ("error", "traceback", "note")  # texts that may quote what an object was given


@dataclass
class Metric:
    """The metric a task is selected by, and this run's best validation value of it."""

    name: str
    direction: Direction
    value: float | None = None
    epoch: int | None = None


@dataclass
class Checkpoint:
    """A weights file, by path relative to the run directory and by content."""

    path: str
    sha256: str


@dataclass
class RunRecord:
    """One training of one config with one seed. `metrics` are those of the validation split.

    `built_for` holds the shapes and sizes of the data that the net was built for, by the names of the
    net's arguments. `artifacts` names the files of the run's directory that its weights need.

    `train_seconds`: wall-clock seconds of the training and validation epochs: batches, optimizer steps,
    metrics and their logs. Left out: setting up data and trainer before, pictures and texts of the
    showcase, the measurements of the probe, writing checkpoints and this record.
    `seconds_to_best`: as much of `train_seconds` as had passed when the epoch of the best value ended.
    `samples_per_second`: training samples, each epoch's anew, divided by `train_seconds`.
    `seconds_per_prediction`: seconds per validation sample in a forward pass of the net alone.
    `latency`: the times of forward passes for one sample and for a batch (`bakeoff.run.latency`).
    `multiply_adds`: of the forward pass for one sample (`bakeoff.run.multiply_adds`).
    `peak_memory_bytes`: the most memory held, of the device on CUDA, else of the process.
    While the status is `running`, the first two hold for the epochs so far.

    `code` is a digest of the code that trained the run (`bakeoff.identity.code_digest`), `modules` has
    those of the user's own modules in it, by name, and `packages` the versions of what it imports;
    `reused_from` names the run that was taken over instead of training, EXPERIMENT/SWEEP/RUN.

    `error` says why a run did not complete, `traceback` where, for a fault that no message explains.
    """

    id: str
    status: Status
    experiment: str
    task: str
    candidate: str
    overrides: list[str]
    seed: int
    metric: Metric
    metrics: dict[str, float | None] = field(default_factory=dict)
    parameters: int | None = None
    train_seconds: float | None = None
    samples_per_second: float | None = None
    seconds_per_prediction: float | None = None
    epochs: int = 0
    max_epochs: int | None = None
    peak_memory_bytes: int | None = None
    seconds_to_best: float | None = None
    latency: dict[str, Any] = field(default_factory=dict)
    multiply_adds: int | None = None
    checkpoint_bytes: int | None = None
    data_fingerprint: str | None = None
    built_for: dict[str, Any] = field(default_factory=dict)
    artifacts: list[str] = field(default_factory=list)
    candidate_id: str | None = None  # the digest of the config without seed and fold
    checkpoint: Checkpoint | None = None
    environment: dict[str, Any] = field(default_factory=dict)
    code: str | None = None
    modules: dict[str, str] = field(default_factory=dict)
    packages: dict[str, str] = field(default_factory=dict)
    reused_from: str | None = None
    error: str | None = None
    traceback: str | None = None
    part: dict[str, Any] = field(default_factory=dict)  # the trainer's limits of the data it saw
    role: str = ""  # as in the plan: `finalist`, or empty; `baseline`: what a candidate must beat
    note: str = ""  # what to know of how a baseline was fitted

    def write(self, run_dir: Path, begins: bool = False) -> None:
        """Write `run.json` into `run_dir`, whole or not at all.

        A record of this user's stays that; one of somebody else's does not become it, but where this user
        `begins` to train in the folder, with a config written just now.
        """
        path, content = run_dir / FILE_NAME, asdict(self)
        content |= {name: masked_containers(content[name]) for name in SAID}
        if begins or not path.exists() or is_own_run(run_dir):
            content = own.signed(json.loads(json.dumps(content)), run_dir / CONFIG)
        atomic.write_json(path, content)


def is_own_run(run_dir: Path) -> bool:
    """Whether this user's bakeoff wrote the record in `run_dir`, and its config is as it was then."""
    return own.is_own(run_dir / FILE_NAME, run_dir / CONFIG)


def read(run_dir: Path) -> RunRecord:
    """The record in `run_dir`. Raises BakeoffError where it is missing, damaged or of another kind."""
    path = inside(run_dir, FILE_NAME)
    try:
        content = read_json(path, "train this run again")
    except FileNotFoundError:
        raise BakeoffError(f"no run record at {path}: give the folder of a run") from None
    except OSError as error:
        raise BakeoffError(
            f"cannot read {path}: {error.strerror}; give the folder of a run, and allow reading it"
        ) from None
    return fitted(RunRecord, content, str(path), "a run record")


def read_all(sweep_dir: Path) -> list[RunRecord]:
    """The records of a sweep's runs, by directory name. Raises BakeoffError as `read` does, and where a
    folder has the record of another one's run: counted twice, a run would look like two replicates.
    """
    found = []
    for path in sorted(sweep_dir.glob(f"*/{FILE_NAME}")):
        name = path.parent.name
        run = read(inside(sweep_dir, name))
        if run.id != name:
            raise BakeoffError(
                f"{path}: the record of run {run.id[:200]!r}, expected that of run {name!r}: a run's "
                "folder is named by its id. Rename this folder, or, if it is a copy, remove it"
            )
        found.append(run)
    return found
