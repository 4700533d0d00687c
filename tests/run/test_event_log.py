"""Names of scalars, and the page of custom charts."""

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from bakeoff.run.event_log import EventLog, layout


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
    assert [path.name for path in tmp_path.iterdir()] == ["~mlp note=$SECRET seed=0"]


def test_the_loss_within_an_epoch_is_in_the_chart_of_the_loss():
    charts = layout("iou", ["loss", "iou"])
    assert charts["losses"]["loss"][1] == ["^val/loss$", "^train/loss$", "^train/loss_step$"]
