"""What tests of runs share."""

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from bakeoff.store import record


@pytest.fixture(scope="session")
def events(swept):
    sweep = swept[0].folder / "outputs" / "tiny" / "latest"
    run_dir = next(path.parent for path in sorted(sweep.glob("*/run.json")))
    accumulator = EventAccumulator(
        str(next(run_dir.glob("*/events.*")).parent),
        size_guidance={"scalars": 0, "tensors": 0, "images": 0},
    )
    return accumulator.Reload(), record.read(run_dir)
