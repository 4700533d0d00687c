"""Lightning without the messages that no user of bakeoff can act on."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

logging.getLogger("pytorch_lightning").setLevel(logging.WARNING)  # no tips, no device tables


@contextmanager
def quiet_lightning() -> Iterator[None]:
    """Ignore these warnings of Lightning in this context."""
    with warnings.catch_warnings():
        # Batches are one index operation: worker processes would only slow them down.
        warnings.filterwarnings("ignore", ".*does not have many workers.*")
        warnings.filterwarnings("ignore", ".*smaller than the logging interval.*")
        warnings.filterwarnings("ignore", ".*LeafSpec.* is deprecated", FutureWarning)
        warnings.filterwarnings("ignore", ".*checkpoint directory.*exists and is not empty.*")
        # A training that goes on from a checkpoint writes into the directory of its own run.
        warnings.filterwarnings("ignore", ".*The dirpath has changed.*")
        # Within an epoch, bakeoff.run.hooks.midway finds the place in the data again.
        warnings.filterwarnings("ignore", ".*checkpoint that ended before the epoch ended.*")
        # The metrics have summed over all processes before they are logged.
        warnings.filterwarnings("ignore", ".*It is recommended to use .*sync_dist=True.*")
        # A run within a job of Slurm is one process (`bakeoff.run.parts.trainer`).
        warnings.filterwarnings("ignore", ".*The `srun` command is available.*")
        yield
