"""What is logged is the same, wherever Lightning looks for it."""

import torch
from pytorch_lightning.trainer.connectors.logger_connector.result import _ResultCollection

from bakeoff.fused.logged import OnProcessor


def test_values_are_logged_as_lightning_logs_them():
    usual, own = _ResultCollection(training=True), OnProcessor(training=True)
    for results in (usual, own):
        for value in (1.0, 3.0):
            results.log("training_step", "loss", torch.tensor(value), on_epoch=True, batch_size=2)
        results.log("on_train_epoch_end", "rate", torch.tensor(0.5))
    assert own.metrics(on_step=False) == usual.metrics(on_step=False)
    assert own.metrics(on_step=False)["log"] == {"loss": 2.0, "rate": 0.5}
    entry = own["training_step.loss"]
    assert entry.to("cpu") is entry
