"""One run evaluated on test data: what it reaches, and what its intervals are worked out from."""

import logging

import pytorch_lightning as pl
from omegaconf import DictConfig

from bakeoff.identity.kind import is_lightning
from bakeoff.run.example_scores import ExampleScores, Weighted
from bakeoff.run.hooks.record_progress import finite
from bakeoff.run.parts.own_module import evaluated
from bakeoff.run.parts.quiet_lightning import quiet_lightning
from bakeoff.run.parts.trainer import build_tester
from bakeoff.select.outcome import Outcome

log = logging.getLogger(__name__)
NO_INTERVAL = "the test result has no interval: working it out failed"


def evaluate(
    run: str,
    candidate: str,
    config: DictConfig,
    data: pl.LightningDataModule,
    module: pl.LightningModule,
) -> Outcome:
    """Evaluate the `module` of a run on the test split of `data`, which is set up."""
    if is_lightning(config):  # bakeoff does not know what each example adds to its metrics
        with quiet_lightning():
            values = evaluated(config, module, data, "test")
        result = {name: finite(value) for name, value in values.items()}
        return Outcome(run, candidate, result, lambda counts: {}, 1, "")
    scores = ExampleScores()
    with quiet_lightning():
        trainer = build_tester(config, [scores])
        trainer.test(module, datamodule=data, verbose=False)
    result = {
        name.removeprefix("test/"): finite(value)
        for name, value in trainer.callback_metrics.items()
    }
    weighted, units, unit = _again(scores, data)
    return Outcome(run, candidate, result, weighted, units, unit)


def _again(scores: ExampleScores, data: pl.LightningDataModule) -> tuple[Weighted, int, str]:
    """What works the metrics out again, the number of units and their name; nothing where that fails, or
    where the data do not say what is independent in them.
    """
    if hasattr(data, "units"):
        try:
            units = data.units("test")
            return scores.over(units), int(units.of_example.max()) + 1, units.name
        except Exception:
            log.warning(NO_INTERVAL, exc_info=True)
    return lambda counts: {}, 1, ""
