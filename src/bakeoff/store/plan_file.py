"""`plan.json`: the jobs of a sweep, written before the first of them starts."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bakeoff.errors import BakeoffError
from bakeoff.store import atomic, own
from bakeoff.store.inside import inside
from bakeoff.store.schema import fitted, read_json

FILE_NAME = "plan.json"
FINALIST = "finalist"
SINGLE = "config"  # the primary config of single runs and free multiruns


@dataclass(frozen=True, kw_only=True)
class PlannedJob:
    """One run of a sweep: what its record will call it, and what it trains.

    `config` is the composed config as YAML, the content of the run's `.hydra/config.yaml`: nothing in it is
    resolved. `role` is FINALIST for a run on a fresh seed, empty for a run that the first selection is made
    from.
    """

    number: int
    id: str
    candidate: str
    candidate_id: str
    seed: int
    overrides: list[str]
    config: str
    role: str = ""


@dataclass(frozen=True, kw_only=True)
class PlanFile:
    """A sweep as it was asked for: `overrides` as they were typed, `search_path` that of
    `hydra.searchpath`, `config_dir` the folder of the primary config `config_name`, None where that is
    bakeoff's own. `extensions`: the overrides of each later addition, one shell line each.
    """

    experiment: str
    config_name: str
    config_dir: str | None
    search_path: list[str]
    overrides: list[str]
    jobs: list[PlannedJob]
    extensions: list[str] = field(default_factory=list)

    def write(self, sweep_dir: Path) -> None:
        """Write `plan.json` into `sweep_dir`, whole or not at all; a plan of this user's stays theirs."""
        path, content = sweep_dir / FILE_NAME, asdict(self)
        if not path.exists() or own.is_own(path):
            content = own.signed(json.loads(json.dumps(content)))
        atomic.write_json(path, content)


def read(sweep_dir: Path) -> PlanFile:
    """The plan of a sweep. Raises BakeoffError where it is missing, damaged or of another kind."""
    path = inside(sweep_dir, FILE_NAME)
    try:
        content = read_json(path, "run this sweep again")
    except OSError as error:
        raise BakeoffError(
            f"cannot read {path}: {error.strerror}; give the folder of a sweep"
        ) from None
    return fitted(PlanFile, content, str(path), "a sweep's plan")


def read_own(sweep_dir: Path) -> PlanFile:
    """As `read`, for a command that trains what the plan says.

    Raises BakeoffError also where this user's bakeoff did not write the plan: it could name any code.
    """
    plan, path = read(sweep_dir), sweep_dir / FILE_NAME
    if not own.is_own(path):
        raise BakeoffError(
            f"{path} was not written by you, or was changed since: a plan names the code that trains its "
            "runs, so only your own sweeps are trained on. If it is from another machine of yours, copy "
            f"{own.key_file()} from there; else begin the sweep anew with your own experiment"
        )
    return plan
