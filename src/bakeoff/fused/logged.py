"""Values that Lightning logs, where all of them are on the processor."""

from typing import Any

from pytorch_lightning.trainer.connectors.logger_connector.result import (
    _ResultCollection,
    _ResultMetric,
)


class OnProcessor(_ResultCollection):
    """Lightning's collection, whose entries are not moved to the device of each value that is logged: it
    would look for tensors in everything that an entry holds, which is most of what logging takes.
    """

    def __setitem__(self, key: str, entry: _ResultMetric) -> None:
        def stay(*_: Any, **__: Any) -> _ResultMetric:
            return entry

        entry.to = stay
        super().__setitem__(key, entry)
