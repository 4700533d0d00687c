"""The row of a run in TensorBoard's table of hyper-parameters."""

import pytest
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

from bakeoff.run.hyperparameters import flatten


def test_hparams_table_has_the_settings_and_the_best_values(events):
    accumulator, run = events
    content = accumulator.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
    settings = HParamsPluginData.FromString(content).session_start_info.hparams
    assert settings["seed"].number_value == run.seed
    assert settings["model._target_"].string_value == "bakeoff.nets.lenet5.LeNet5"
    content = accumulator.SummaryMetadata("_hparams_/experiment").plugin_data.content
    columns = {m.name.tag for m in HParamsPluginData.FromString(content).experiment.metric_infos}
    assert {"best/performance", "train_seconds", "parameters"} <= columns
    shown = accumulator.Scalars("best/performance")[-1].value
    assert shown == pytest.approx(run.metric.value, abs=1e-6)


def test_flatten_gives_dotted_scalars():
    nested = {"a": {"b": 1, "c": [1, 2]}, "d": None, "e": True}
    assert dict(flatten(nested)) == {"a.b": 1, "a.c": "[1, 2]", "d": "None", "e": True}
