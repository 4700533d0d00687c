"""run.json: written whole, read strictly."""

import json
from pathlib import Path

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.store import record
from bakeoff.store.record import Checkpoint, Metric, RunRecord


def example() -> RunRecord:
    return RunRecord(
        id="0123456789ab",
        status="completed",
        experiment="e",
        task="t",
        candidate="lenet5/deep",
        overrides=["seed=0"],
        seed=0,
        metric=Metric("performance", "max", 0.8, 4),
        checkpoint=Checkpoint("checkpoints/best.ckpt", "00"),
    )


def test_what_is_written_is_read(tmp_path: Path):
    example().write(tmp_path)
    assert record.read(tmp_path) == example()


def test_the_contract_keys_are_there(tmp_path: Path):
    example().write(tmp_path)
    content = json.loads((tmp_path / "run.json").read_text())
    assert content.keys() >= {
        "id", "status", "experiment", "task", "candidate", "overrides", "seed", "metric", "metrics",
        "parameters", "train_seconds", "samples_per_second", "epochs", "peak_memory_bytes",
        "data_fingerprint", "checkpoint", "environment", "error",
    }  # fmt: skip
    assert content["metric"].keys() == {"name", "direction", "value", "epoch"}


def test_nan_is_refused_and_leaves_the_old_file(tmp_path: Path):
    run = example()
    run.write(tmp_path)
    run.metric.value = float("nan")
    with pytest.raises(ValueError, match="JSON"):
        run.write(tmp_path)
    assert record.read(tmp_path) == example()
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "damaged"),
        ('{"id": 1', "damaged"),
        ("[]", "not a run record"),
        ('{"id": "x"}', "not a run record: expected the key 'status'"),
        ("1", "not a run record: expected an object"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, content, said):
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(BakeoffError, match=said):
        record.read(tmp_path)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("status", "done", "'done', expected one of running, completed"),
        ("metric", [], r"metric is \[\], expected an object"),
        ("metric", {"name": "m"}, "expected the key 'direction'"),
        ("metric", {"name": "m", "direction": "max", "value": "0.9"}, "metric: value is '0.9'"),
        ("checkpoint", {"path": 1, "sha256": "00"}, "checkpoint: path is 1, expected a text"),
        ("metrics", {"m": [1]}, "metrics is .* expected an object"),
        ("epochs", None, "epochs is None, expected a whole number"),
        ("overrides", None, "overrides is None, expected a list of texts"),
    ],
)
def test_a_value_of_another_kind_is_named(tmp_path: Path, key, value, said):
    example().write(tmp_path)
    content = json.loads((tmp_path / "run.json").read_text())
    (tmp_path / "run.json").write_text(json.dumps(content | {key: value}))
    with pytest.raises(BakeoffError, match=said):
        record.read(tmp_path)


def test_a_missing_record_says_where(tmp_path: Path):
    with pytest.raises(BakeoffError, match=f"no run record at {tmp_path}"):
        record.read(tmp_path)


def test_keys_of_a_newer_version_are_passed_over(tmp_path: Path):
    example().write(tmp_path)
    content = json.loads((tmp_path / "run.json").read_text())
    (tmp_path / "run.json").write_text(json.dumps(content | {"energy": 1}))
    assert record.read(tmp_path) == example()


def test_a_folder_that_is_a_file_is_answered(tmp_path: Path):
    (tmp_path / "run").write_text("")
    with pytest.raises(BakeoffError, match=r"cannot read .*run/run.json: Not a directory"):
        record.read(tmp_path / "run")


def test_a_run_that_was_copied_is_not_counted_twice(tmp_path: Path):
    for name in ("0123456789ab", "copy"):
        example().write(tmp_path / name)
    with pytest.raises(BakeoffError, match=r"copy/run.json: the record of run '0123456789ab'"):
        record.read_all(tmp_path)
    (tmp_path / "copy" / "run.json").unlink()
    assert record.read_all(tmp_path) == [example()]
