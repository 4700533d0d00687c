"""The graph of each candidate's net."""

import logging
from types import SimpleNamespace

import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tests.run.in_memory import run
from torch import nn

from bakeoff.run.hooks.graph_log import first_rows, is_first_of_candidate, write_graph
from bakeoff.run.parts.event_log import EventLog
from bakeoff.store.record import Metric, RunRecord


def graphs(folder) -> list[EventAccumulator]:
    read = [EventAccumulator(str(path)).Reload() for path in sorted(folder.rglob("events.*"))]
    return [accumulator for accumulator in read if accumulator.Tags()["graph"]]


def record(id_: str, candidate: str = "c") -> RunRecord:
    metric = Metric("accuracy", "max")
    return RunRecord(id_, "running", "e", "t", "mlp", [], 0, metric, candidate_id=candidate)


def test_a_run_without_a_plan_has_the_graph_of_its_net(tmp_path):
    assert run(tmp_path / "r").status == "completed"
    [found] = graphs(tmp_path)
    names = [node.name for node in found.Graph().node]
    assert any(name.startswith("MLP/") for name in names)


def test_of_a_sweep_the_first_run_of_each_candidate_has_it():
    jobs = [record("a"), record("b"), record("x", "d")]
    due = [is_first_of_candidate(jobs, one) for one in (*jobs, record("alone", "e"))]
    assert due == [True, False, True, True]


class Carrying(nn.Module):
    """Carries a state, and drops out in training."""

    carries = True

    def __init__(self) -> None:
        super().__init__()
        self.layer, self.dropout = nn.Linear(2, 2), nn.Dropout(0.5)

    def forward(self, x, state):
        return self.dropout(self.layer(x)), x


def test_a_state_mode_and_random_numbers_are_as_before(tmp_path):
    log, net = EventLog(tmp_path, "r"), Carrying()
    net.layer.eval()  # as a frozen part
    before = torch.get_rng_state()
    write_graph(log, net, torch.rand(2, 2, generator=torch.Generator()))
    assert torch.equal(torch.get_rng_state(), before)
    assert [module.training for module in net.modules()] == [True, False, True]
    log.finalize("success")
    assert len(graphs(tmp_path)) == 1


class Untraceable(nn.Module):
    def forward(self, x):
        raise NotImplementedError("not for tracing")


def test_a_net_that_cannot_be_traced_is_named_in_the_log(tmp_path, caplog, capsys):
    log = EventLog(tmp_path, "r")
    with caplog.at_level(logging.WARNING):
        write_graph(log, Untraceable(), torch.zeros(1, 2))
    assert "gets no graph of this net: not for tracing" in caplog.text
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("batch", "rows"),
    [((torch.zeros(5, 3), None), 2), ({"x": 1}, None), ([SimpleNamespace()], None)],
)
def test_the_input_of_a_batch_is_taken_where_it_is_a_tensor(batch, rows):
    found = first_rows(batch)
    assert (None if found is None else len(found)) == rows
