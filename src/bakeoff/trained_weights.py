"""The weights that a run has kept."""

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from bakeoff.errors import BakeoffError
from bakeoff.record import RunRecord
from bakeoff.run_id import file_digest


def weights(run_dir: Path, run: RunRecord) -> Mapping[str, Tensor]:
    """The best weights of a run. Raises BakeoffError where they are not those that run.json speaks of."""
    if run.checkpoint is None:
        raise BakeoffError(f"{run_dir}: this run is {run.status} and has no checkpoint")
    path = run_dir / run.checkpoint.path
    if not path.is_file() or file_digest(path) != run.checkpoint.sha256:
        raise BakeoffError(
            f"{path} is missing or not the file that run.json speaks of (SHA-256 "
            f"{run.checkpoint.sha256}): train this run again"
        )
    return torch.load(path, weights_only=True, map_location="cpu")["state_dict"]
