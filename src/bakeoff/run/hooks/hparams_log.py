"""HParams of TensorBoard, written as its plugin reads them: columns, a run's row, and how the run ended.

Lightning and torch write numbers and texts in the order of a dictionary, call every setting constant, and
log each metric as a chart of one point.
"""

import time
from collections.abc import Iterable, Mapping

from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.hparams import api_pb2 as api
from tensorboard.plugins.hparams import metadata
from tensorboard.plugins.hparams.plugin_data_pb2 import (
    HParamsPluginData,
    SessionEndInfo,
    SessionStartInfo,
)
from torch.utils.tensorboard import SummaryWriter

from bakeoff.run.hooks.hyperparameters import Column, Value

KINDS = {float: api.DATA_TYPE_FLOAT64, bool: api.DATA_TYPE_BOOL, str: api.DATA_TYPE_STRING}


def start(
    writer: SummaryWriter,
    columns: Iterable[Column],
    metrics: Mapping[str, str],
    cells: Mapping[str, Value],
) -> None:
    """Declare the table and give the run its row. `metrics`: tags of scalars, whose last value is shown,
    and their headings.
    """
    infos = [api.MetricInfo(name={"tag": tag}, display_name=said) for tag, said in metrics.items()]
    table = api.Experiment(hparam_infos=map(_info, columns), metric_infos=infos)
    _write(writer, metadata.EXPERIMENT_TAG, HParamsPluginData(experiment=table))
    session = SessionStartInfo(start_time_secs=time.time())
    for name, value in cells.items():
        if isinstance(value, bool):
            session.hparams[name].bool_value = value
        elif isinstance(value, float):
            session.hparams[name].number_value = value
        else:
            session.hparams[name].string_value = value
    _write(writer, metadata.SESSION_START_INFO_TAG, HParamsPluginData(session_start_info=session))


def end(writer: SummaryWriter, *, completed: bool) -> None:
    """Note how the run ended."""
    status = api.STATUS_SUCCESS if completed else api.STATUS_FAILURE
    session = SessionEndInfo(status=status, end_time_secs=time.time())
    _write(writer, metadata.SESSION_END_INFO_TAG, HParamsPluginData(session_end_info=session))


def _info(column: Column) -> api.HParamInfo:
    info = api.HParamInfo(name=column.name, type=KINDS[column.kind], differs=column.differs)
    if column.kind is float and column.values:
        info.domain_interval.min_value = min(column.values)
        info.domain_interval.max_value = max(column.values)
    elif column.values:
        info.domain_discrete.extend(sorted(column.values))
    return info


def _write(writer: SummaryWriter, tag: str, content: HParamsPluginData) -> None:
    summary = Summary()
    summary.value.add(tag=tag, metadata=metadata.create_summary_metadata(content))
    writer._get_file_writer().add_summary(summary)  # as torch's add_hparams does
