"""Lightning's loop over the validation batches, in which other code evaluates the net."""

from collections.abc import Callable

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback
from pytorch_lightning.loops.evaluation_loop import _EvaluationLoop
from pytorch_lightning.loops.utilities import _no_grad_context
from pytorch_lightning.trainer.states import RunningStage, TrainerFn

from bakeoff.data.batches import Batches
from bakeoff.fused.logged import OnProcessor
from bakeoff.run.hooks.graph_log import GraphLog
from bakeoff.run.hooks.heartbeat import Heartbeat
from bakeoff.run.hooks.whole_epochs import WholeEpochs

HOOKS = ("on_validation_batch_start", "on_validation_batch_end")
TOLD = (WholeEpochs, Heartbeat, GraphLog)  # of the batches that were evaluated


class ValidationAtOnce(_EvaluationLoop):
    """Calls `validate(batches)` in the place of the validation batches; all else is Lightning's.

    Where a callback of the user's looks at validation batches, or the data come in batches of their own,
    Lightning goes through them one by one.
    """

    def __init__(self, trainer: pl.Trainer, validate: Callable[[int], None]) -> None:
        before = trainer.fit_loop.epoch_loop.val_loop
        super().__init__(
            trainer,
            TrainerFn.FITTING,
            RunningStage.VALIDATING,
            before.verbose,
            before.inference_mode,
        )
        if trainer.strategy.root_device.type == "cpu":
            self._results = OnProcessor(training=False)
        self._validate = validate
        self._is_watched = any(map(_watches, trainer.callbacks))

    def run(self) -> list:
        """Evaluate the validation split. Raises what the evaluation of this member raises."""
        self.setup_data()
        loaders = [] if self._combined_loader is None else self._combined_loader.flattened
        if self.restarting or self._is_watched or len(loaders) != 1:
            return super().run()
        return self._at_once() if isinstance(loaders[0].sampler, Batches) else super().run()

    @_no_grad_context
    def _at_once(self) -> list:
        if self.skip:
            return []
        self.reset()
        self.on_run_start()
        count = int(self.max_batches[0])
        self._validate(count)
        self.batch_progress.increment_by(count, is_last_batch=True)
        self._seen_batches_per_dataloader[0] += count
        self._has_run = True
        self._store_dataloader_outputs()
        return self.on_run_end()


def _watches(callback: Callback) -> bool:
    kind = type(callback)
    has_hook = any(getattr(kind, name) is not getattr(Callback, name) for name in HOOKS)
    return has_hook and not isinstance(callback, TOLD)
