"""What a record says before anything has trained."""

from bakeoff.identity.identity import Identity
from bakeoff.run.new_record import new_record
from bakeoff.store.record import Metric, RunRecord

CONFIG = {
    "experiment": "e",
    "seed": 3,
    "task": {"name": "t", "metric": {"name": "iou", "direction": "max"}},
    "trainer": {"max_epochs": 9},
}


def test_a_record_begins_with_what_the_plan_knows():
    of = Identity("r1", "c1", "lenet", role="finalist")
    assert new_record(CONFIG, of, ["seed=3"]) == RunRecord(
        "r1", "running", "e", "t", "lenet", ["seed=3"], 3, Metric("iou", "max"),
        max_epochs=9, candidate_id="c1", role="finalist",
    )  # fmt: skip
