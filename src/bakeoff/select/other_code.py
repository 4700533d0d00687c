"""Whether the code of this moment makes of a run's weights what the code that trained them did."""

import math
from pathlib import Path

import pytorch_lightning as pl
from omegaconf import DictConfig

from bakeoff.errors import BakeoffError
from bakeoff.identity.code_digest import changed, code_of, other_versions
from bakeoff.run.parts.part_of_data import VALIDATION
from bakeoff.run.parts.quiet_lightning import quiet_lightning
from bakeoff.run.parts.trainer import build_tester
from bakeoff.run.read_back import written_config
from bakeoff.store.record import RunRecord

SAME = 1e-3  # relative: another version of torch may round otherwise, and an image fall on the other side


def refuse_other_code(
    run_dir: Path,
    run: RunRecord,
    config: DictConfig,
    data: pl.LightningDataModule,
    module: pl.LightningModule,
) -> None:
    """Raises BakeoffError where the code has changed since the training of `run`, and its weights in
    `module` measure something else on the validation split of `data` now.

    A net whose code was edited may take its old weights without a complaint.
    """
    if run.code is None or run.code == code_of(written_config(run_dir)).digest():
        return
    value = _measured(run, config, data, module)
    if math.isclose(value, run.metric.value, rel_tol=SAME):
        return
    what = ", ".join([*changed(run.modules), *other_versions(run.packages)]) or "code or packages"
    raise BakeoffError(
        f"run {run.id}: {what} changed since it was trained: its weights reach {run.metric.name} "
        f"{value:.6g} on validation data now, and not {run.metric.value:.6g} as then; the test set stays "
        "closed. Restore what changed, or run the sweep anew"
    )


def _measured(
    run: RunRecord, config: DictConfig, data: pl.LightningDataModule, module: pl.LightningModule
) -> float:
    part = run.part.get(VALIDATION)
    limits = {} if part is None else {VALIDATION: part}
    with quiet_lightning():
        trainer = build_tester(config, [], **limits)
        trainer.validate(module, datamodule=data, verbose=False)
    return float(trainer.callback_metrics.get(f"val/{run.metric.name}", math.nan))
