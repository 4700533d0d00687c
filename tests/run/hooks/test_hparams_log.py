"""HParams in the event files of a real sweep: one table for all runs, numbers as numbers."""

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import api_pb2 as api
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
from torch.utils.tensorboard import SummaryWriter

from bakeoff.run.hooks import hparams_log
from bakeoff.run.hooks.hyperparameters import Column


def content(accumulator, tag):
    found = accumulator.SummaryMetadata(f"_hparams_/{tag}").plugin_data.content
    return HParamsPluginData.FromString(found)


def test_a_run_of_a_sweep_has_the_columns_of_the_sweep(events):
    accumulator, _ = events
    table = content(accumulator, "experiment").experiment
    assert [info.name for info in table.hparam_infos if info.differs] == ["optimizer.lr", "seed"]
    assert not any("_target_" in info.name for info in table.hparam_infos)
    [lr] = [info for info in table.hparam_infos if info.name == "optimizer.lr"]
    assert lr.type == api.DATA_TYPE_FLOAT64
    assert (lr.domain_interval.min_value, lr.domain_interval.max_value) == (1e-3, 1e-2)


def test_the_metric_of_selection_comes_first_at_its_best(events):
    accumulator, run = events
    infos = content(accumulator, "experiment").experiment.metric_infos
    tags = [info.name.tag for info in infos]
    assert tags[0] == "best/performance" and "val/loss" in tags
    assert set(tags) <= set(accumulator.Tags()["scalars"])
    shown = accumulator.Scalars(tags[0])[-1].value
    assert shown == pytest.approx(run.metric.value, abs=1e-6)


def test_the_row_of_a_run_says_its_settings(events):
    accumulator, run = events
    cells = content(accumulator, "session_start_info").session_start_info.hparams
    assert cells["seed"].number_value == run.seed
    assert cells["model"].string_value == "lenet5/shallow"
    assert cells["parameters"].number_value == run.parameters
    ended = content(accumulator, "session_end_info").session_end_info
    assert ended.status == api.STATUS_SUCCESS


def test_a_failed_run_says_so_and_may_lack_cells(tmp_path):
    with SummaryWriter(str(tmp_path)) as writer:
        table = [Column("wide", bool, (True, False), True), Column("name", str, ("b", "a"), True)]
        hparams_log.start(writer, table, {"val/loss": "last loss"}, {"wide": False})
        hparams_log.end(writer, completed=False)
    accumulator = EventAccumulator(str(tmp_path)).Reload()
    wide, name = content(accumulator, "experiment").experiment.hparam_infos
    assert wide.type == api.DATA_TYPE_BOOL
    assert [value.string_value for value in name.domain_discrete.values] == ["a", "b"]
    cells = content(accumulator, "session_start_info").session_start_info.hparams
    assert set(cells) == {"wide"} and cells["wide"].bool_value is False
    ended = content(accumulator, "session_end_info").session_end_info
    assert ended.status == api.STATUS_FAILURE
