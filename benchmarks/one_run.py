"""One run, trained for its times."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from omegaconf import DictConfig

from bakeoff.run.fit import SetUpData, fit
from bakeoff.run.parts.build import set_up_data
from bakeoff.store.record import Metric, RunRecord


def train(
    config: DictConfig,
    adapt: Callable[..., None],
    set_up_data: SetUpData = set_up_data,
) -> None:
    """Train in a folder that is removed; `set_up_data` and `adapt` as in `bakeoff.run.fit`.

    Raises SystemExit where the run does not complete.
    """
    wanted = config.task.metric
    metric = Metric(wanted.name, wanted.direction)
    run = RunRecord("run", "running", "benchmark", "t", "net", [], config.seed, metric)
    with tempfile.TemporaryDirectory() as folder:
        fit(config, run, Path(folder), show_progress=False, set_up_data=set_up_data, adapt=adapt)
    if run.status != "completed":
        raise SystemExit(f"{run.error}\n{run.traceback or ''}")
