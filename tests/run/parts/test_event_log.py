"""Names of scalars, and the page of custom charts."""

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from bakeoff.run.parts.event_log import EPOCH, EventLog, layout
from bakeoff.store import curves_file


def test_the_epoch_is_logged_with_what_is_watched(tmp_path):
    log = EventLog(tmp_path, "mlp seed=0")
    log.log_metrics({"val/loss": 0.5, "epoch": 3}, 10)
    log.finalize("success")
    accumulator = EventAccumulator(str(tmp_path / "mlp seed=0")).Reload()
    assert sorted(accumulator.Tags()["scalars"]) == ["val/loss", "watch/epoch"]


def test_the_layout_begins_with_the_metric_and_pairs_training_with_validation():
    found = layout("map", ["loss_box", "loss", "iou", "map"])
    assert list(found) == ["selected by", "losses", "other metrics", "watch"]
    assert found["selected by"] == {"map": ["Multiline", ["^val/map$", "^train/map$"]]}
    assert list(found["losses"]) == ["loss", "loss_box"]
    assert list(found["other metrics"]) == ["iou"]


def test_a_task_that_is_selected_by_its_loss_has_no_empty_group():
    assert list(layout("loss", ["loss"])) == ["selected by", "watch"]


def test_the_folder_is_called_as_the_run_is_whatever_its_name_holds(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET", "told")
    log = EventLog(tmp_path, "~mlp note=$SECRET seed=0")
    log.experiment.add_scalar("val/loss", 0.5, 1)
    log.finalize("success")
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [
        "~mlp note=$SECRET seed=0"
    ]


def test_the_loss_within_an_epoch_is_in_the_chart_of_the_loss():
    charts = layout("iou", ["loss", "iou"])
    assert charts["losses"]["loss"][1] == ["^val/loss$", "^train/loss$", "^train/loss_step$"]


def test_a_training_that_ends_well_leaves_its_scalars_beside_the_record(tmp_path):
    log = EventLog(tmp_path, "name")
    log.log_metrics({"val/loss": 0.5, "epoch": 0}, step=9)
    log.log_metrics({"val/loss": float("nan"), "epoch": 1}, step=19)
    assert curves_file.read(tmp_path) is None
    log.finalize("success")
    found = curves_file.read(tmp_path)
    assert found[EPOCH] == [(9, 0.0), (19, 1.0)]
    assert found["val/loss"][0] == (9, 0.5)


def test_one_that_failed_or_that_went_on_leaves_only_events(tmp_path):
    failed = EventLog(tmp_path / "failed", "name")
    failed.log_metrics({"val/loss": 0.5}, step=9)
    failed.finalize("failed")
    assert curves_file.read(tmp_path / "failed") is None
    for _ in range(2):  # the second goes on from a checkpoint of the first
        (tmp_path / "again" / curves_file.FILE_NAME).unlink(missing_ok=True)
        log = EventLog(tmp_path / "again", "name")
        log.log_metrics({"val/loss": 0.5}, step=9)
        log.finalize("success")
    assert curves_file.read(tmp_path / "again") is None
