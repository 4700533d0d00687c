"""TensorBoard's log of a run, its scalars under names that put what matters first."""

from collections.abc import Mapping
from contextlib import nullcontext, suppress
from pathlib import Path

from lightning_utilities.core.rank_zero import rank_zero_only
from pytorch_lightning.loggers import TensorBoardLogger

from bakeoff.errors import BakeoffError
from bakeoff.store import curves_file
from bakeoff.store.events import EVENTS

# TensorBoard sorts groups by name: best, train, val, watch.
BEST = "best/"
STEP_LOSS = "train/loss_step"
EPOCH = "watch/epoch"
LEARNING_RATE = "watch/learning_rate"
GRADIENT_NORM = "watch/gradient_norm"
EPOCH_SECONDS = "watch/epoch_seconds"
WATCHED = (LEARNING_RATE, GRADIENT_NORM, EPOCH_SECONDS)
Layout = dict[str, dict[str, list]]


class EventLog(TensorBoardLogger):
    """Lightning's logger, with the epoch that it adds to everything under the name EPOCH.

    It writes to `run_dir/name`: TensorBoard calls a run by the folder of its events. At the end of a
    training that nothing interrupted, it leaves the same scalars in `curves.json`, which is read quickly.
    """

    def __init__(self, run_dir: Path, name: str) -> None:
        super().__init__(run_dir, name="", version=name, default_hp_metric=False)
        self._run_dir = run_dir
        # What was logged before is in these files alone.
        self._goes_on = any(run_dir.rglob(EVENTS))
        self._points: dict[str, list[tuple[int, float]]] = {}

    @property
    def log_dir(self) -> str:
        """The folder of the events; Lightning would expand a `$` in its name."""
        return str(Path(self.root_dir) / self.version)

    @rank_zero_only
    def log_metrics(self, metrics: Mapping[str, float], step: int | None = None) -> None:
        named = {EPOCH if name == "epoch" else name: value for name, value in metrics.items()}
        super().log_metrics(named, step)
        for tag, value in named.items():
            if isinstance(value, int | float):
                self._points.setdefault(tag, []).append((step or 0, float(value)))

    def log_hyperparams(self, *_: object, **__: object) -> None:
        """Log nothing: Lightning gives the arguments that a module has saved, in which references are
        resolved, also to secrets. The HParams table has a run's settings.
        """

    @rank_zero_only
    def finalize(self, status: str) -> None:
        """Close the files; what `status` says is how the training ended."""
        # A signal can come while the files are being closed: what has ended the training counts.
        with nullcontext() if status == "success" else suppress(OSError):
            super().finalize(status)
        if status == "success" and not self._goes_on:
            # What cannot be written here, as on a full disk, is read from the event files.
            with suppress(BakeoffError):
                curves_file.write(self._run_dir, self._points)


def layout(metric: str, names: list[str]) -> Layout:
    """The page of custom charts: the validation metric first, training and validation of a quantity in
    one chart. `names` are those of the quantities, without `val/`.
    """
    names = [name for name in names if name != metric]
    losses = [name for name in names if name == "loss" or name.startswith("loss_")]
    others = [name for name in names if name not in losses]
    groups = {"selected by": [metric], "losses": sorted(losses), "other metrics": sorted(others)}
    charts = {
        title: {name: ["Multiline", _tags(name)] for name in members}
        for title, members in groups.items()
        if members
    }
    watched = {tag.partition("/")[2]: ["Multiline", [f"^{tag}$"]] for tag in WATCHED}
    return charts | {"watch": watched}


def _tags(name: str) -> list[str]:
    live = [f"^{STEP_LOSS}$"] if name == "loss" else []
    return [f"^val/{name}$", f"^train/{name}$", *live]
