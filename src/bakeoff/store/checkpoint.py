"""The checkpoint that a run has kept."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bakeoff.errors import BakeoffError
from bakeoff.store.digest import file_digest
from bakeoff.store.inside import inside
from bakeoff.store.record import RunRecord


def verified(run_dir: Path, run: RunRecord) -> Path:
    """The file of a run's best checkpoint. Raises BakeoffError where it is not the one that run.json
    speaks of.
    """
    if run.checkpoint is None:
        raise BakeoffError(f"{run_dir}: this run is {run.status} and has no checkpoint")
    path = inside(run_dir, run.checkpoint.path)
    is_it = path.is_file() and path.stat().st_size == (run.checkpoint_bytes or path.stat().st_size)
    if not is_it or file_digest(path) != run.checkpoint.sha256:
        raise BakeoffError(
            f"{path} is missing or not the file that run.json speaks of (SHA-256 "
            f"{run.checkpoint.sha256}): train this run again"
        )
    return path


def checkpoint(run_dir: Path, run: RunRecord) -> Mapping[str, Any]:
    """The content of a run's best checkpoint: Lightning's, with the weights in `state_dict`.

    Raises BakeoffError, as `verified`, and where it holds more than weights, settings and numbers.
    """
    path = verified(run_dir, run)
    content = weights_only(path, "use a run that you trained, or train this one again")
    if not isinstance(content, Mapping) or not isinstance(content.get("state_dict"), Mapping):
        raise BakeoffError(
            f"{path} holds no state_dict: expected a checkpoint of a run of bakeoff's"
        )
    return content


def weights_only(path: Path, mend: str) -> Any:
    """What a file of torch's holds, without running what it says. Raises BakeoffError, which ends with
    `mend`, where it is damaged or holds objects.
    """
    import torch  # not for `verified`: a report opens no weights

    try:
        return torch.load(path, weights_only=True, map_location="cpu")
    except (
        Exception
    ):  # pickle and zip raise many kinds, and torch advises to run what the file says
        raise BakeoffError(
            f"{path} cannot be read as weights: it is damaged, or holds objects, which run code when they "
            f"are read and are therefore never read: {mend}"
        ) from None
