"""One run: config -> objects -> fit -> run.json. Also the Hydra application, `python -m bakeoff.train`.

torch and Lightning are imported when something trains, not when a config is composed or refused.
"""

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig

from bakeoff.errors import BakeoffError
from bakeoff.run import run_id
from bakeoff.select.candidate import candidate_name
from bakeoff.standard_streams import ensure_open
from bakeoff.store import paths
from bakeoff.store.record import Metric, RunRecord

log = logging.getLogger(__name__)


def train(config: DictConfig) -> float | None:
    """Train one config into its Hydra run directory; the best validation value of the task's metric.

    Whatever happens is in `run.json`. A failure ends the process with status 1 (130 when
    interrupted), after saying why.
    """
    job = HydraConfig.get()
    run_dir = Path(job.runtime.output_dir)
    overrides = list(job.overrides.task)
    record = RunRecord(
        id=run_id.run_id(config),
        status="running",
        experiment=config.experiment,
        task=config.task.name,
        candidate=candidate_name(overrides, job.runtime.choices.get("model", "model")),
        overrides=overrides,
        seed=config.seed,
        metric=Metric(config.task.metric.name, config.task.metric.direction),
        max_epochs=config.trainer.max_epochs,
    )
    try:
        record.write(run_dir)
        from bakeoff.run.fit import fit

        fit(config, record, run_dir, show_progress=job.mode != RunMode.MULTIRUN)
        record.write(run_dir)
    except BakeoffError as error:  # the record itself cannot be written
        record.status, record.error = "failed", str(error)
    if record.status != "completed":
        print(
            f"{record.candidate}, seed {record.seed}: {record.status}: {record.error}",
            file=sys.stderr,
        )
        sys.exit(130 if record.status == "interrupted" else 1)
    log.info("%s %.4f (epoch %s)", record.metric.name, record.metric.value, record.metric.epoch)
    return record.metric.value


def main(arguments: Sequence[str] | None = None) -> None:
    """The plain Hydra application, on `arguments` instead of the command line's where given."""
    ensure_open()
    run_id.register()
    if arguments is not None:
        sys.argv = ["bakeoff train", *arguments]
    application = hydra.main(
        version_base="1.3", config_path=str(paths.conf_dir().resolve()), config_name="config"
    )
    application(train)()


if __name__ == "__main__":
    # Through the importable module: worker processes must find `train` by its name.
    from bakeoff.train import main as run

    try:
        run()
    except BakeoffError as error:
        sys.exit(f"bakeoff: {error}")
