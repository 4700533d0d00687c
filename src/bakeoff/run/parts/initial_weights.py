"""Where a training starts: from the weights of an earlier run (`init_from`), or where another training
stopped (`ckpt_path`).
"""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from omegaconf import DictConfig
from torch import Tensor, nn

from bakeoff.errors import BakeoffError
from bakeoff.store import paths, record
from bakeoff.store.checkpoint import checkpoint, weights_only

log = logging.getLogger(__name__)

NET = "net."  # before the names of a net's weights in a checkpoint of Lightning's
LISTED = 8  # names in a message


def start_from(net: nn.Module, config: DictConfig, prefix: str = NET) -> None:
    """Give the net the weights of `init_from` that have the same name and shape, and log a warning that
    lists the others. `prefix` stands before the names of its weights in checkpoints.

    Raises BakeoffError where there are no such weights, or none of them fits.
    """
    given = config.get("init_from")
    if given is None:
        return
    theirs, ours = read_weights(str(given), prefix), net.state_dict()
    fitting = {
        name: value
        for name, value in theirs.items()
        if name in ours and ours[name].shape == value.shape
    }
    left = _differences(theirs, ours)
    if not fitting:
        raise BakeoffError(
            f"init_from={given}: none of its {len(theirs)} tensors fits this model: {left}: choose a run "
            "of the same model, or leave it out"
        )
    net.load_state_dict(fitting, strict=False)
    if left:
        log.warning(
            "init_from=%s: %d of %d tensors fit and are taken; %s",
            given, len(fitting), len(ours), left,
        )  # fmt: skip


def read_weights(given: str, prefix: str = NET) -> Mapping[str, Tensor]:
    """The weights of a net by name: of a run, a checkpoint of Lightning's, or a file with a state_dict.

    Raises BakeoffError.
    """
    if Path(given).is_file():
        content = _loaded(Path(given), "init_from")
    else:
        try:
            folder = paths.run_dir(given)
            content = checkpoint(folder, record.read(folder))
        except BakeoffError as error:
            raise BakeoffError(f"init_from={given}: no such file or run: {error}") from None
    state = content.get("state_dict", content)
    tensors = {name: value for name, value in state.items() if isinstance(value, Tensor)}
    of_net = {n.removeprefix(prefix): value for n, value in tensors.items() if n.startswith(prefix)}
    return of_net or tensors


def try_checkpoint(config: DictConfig, net: nn.Module, prefix: str = NET) -> None:
    """See that the training can go on from `ckpt_path`. Raises BakeoffError."""
    given = config.get("ckpt_path")
    if given is None:
        return
    said = f"ckpt_path={given}"
    if config.get("init_from") is not None:
        raise BakeoffError(
            f"{said}: init_from is set too, and a training has one start: leave one out"
        )
    if not Path(given).is_file():
        raise BakeoffError(
            f"{said}: no such file: expected a checkpoint, as RUN/checkpoints/last.ckpt"
        )
    content = _loaded(Path(given), "ckpt_path")
    if not {"state_dict", "epoch", "optimizer_states"} <= content.keys():
        raise BakeoffError(
            f"{said}: not a checkpoint of a training: expected one of Lightning's; init_from={given} "
            "takes weights alone"
        )
    theirs = {
        name.removeprefix(prefix): value
        for name, value in content["state_dict"].items()
        if name.startswith(prefix)
    }
    if left := _differences(theirs, net.state_dict()):
        raise BakeoffError(f"{said}: a checkpoint of another model: {left}")
    _refuse_finished(said, content, config.trainer.max_epochs)
    theirs, ours = bool(content.get("lr_schedulers")), config.get("scheduler") is not None
    if theirs != ours:
        raise BakeoffError(
            f"{said}: its training had {'a' if theirs else 'no'} learning-rate schedule, and this one has "
            f"{'one' if ours else 'none'}: choose the scheduler that it had; "
            f"init_from={given} takes weights alone"
        )


def _refuse_finished(said: str, content: Mapping[str, Any], max_epochs: int) -> None:
    done = content["epoch"] + 1
    if done >= max_epochs:
        raise BakeoffError(
            f"{said}: its training has done {done} epochs, trainer.max_epochs={max_epochs}: expected more, "
            f"as in trainer.max_epochs={done + 1}"
        )
    needed = content.get("global_step", 0) * max_epochs / done
    for schedule in content.get("lr_schedulers", ()):
        total = schedule.get("total_steps")
        if total is not None and total < needed:
            raise BakeoffError(
                f"{said}: its learning-rate schedule ends after {total} steps, and {max_epochs} epochs are "
                f"about {needed:.0f}: set trainer.max_epochs as it was there, or take the weights alone by "
                "init_from=...; a training that is to go on for longer begins with scheduler=constant"
            )


def _differences(theirs: Mapping[str, Tensor], ours: Mapping[str, Tensor]) -> str:
    """What does not fit, in words; empty where everything fits."""
    shapes = [
        f"{name} ({_shape(value)} there, {_shape(ours[name])} here)"
        for name, value in theirs.items()
        if name in ours and ours[name].shape != value.shape
    ]
    parts = {
        "of another shape": shapes,
        "only there": [name for name in theirs if name not in ours],
        "only here": [name for name in ours if name not in theirs],
    }
    return "; ".join(f"{what}: {_listed(names)}" for what, names in parts.items() if names)


def _listed(names: list[str]) -> str:
    rest = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + rest


def _shape(value: Tensor) -> str:
    return "x".join(map(str, value.shape)) or "scalar"


def _loaded(path: Path, key: str) -> Mapping[str, Any]:
    try:
        content = weights_only(path, "give a checkpoint, or a state_dict that torch.save wrote")
    except BakeoffError as error:
        raise BakeoffError(f"{key}={path}: not a file of weights: {error}") from None
    if not isinstance(content, Mapping):
        raise BakeoffError(f"{key}={path}: expected weights by name, got {type(content).__name__}")
    return content
