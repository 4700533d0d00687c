"""Runs that did not complete, by what happened to them."""

from dataclasses import replace

from bakeoff.report.lost_runs import lost_runs
from bakeoff.store.record import Metric, RunRecord

RUN = RunRecord("a", "failed", "e", "t", "mlp", [], 0, Metric("accuracy", "max"))


def test_runs_that_ended_alike_stand_together_the_most_first():
    runs = [
        replace(RUN, id="done", status="completed"),
        replace(RUN, id="killed", error=None),
        replace(RUN, id="memory", error="out of memory"),
        replace(RUN, id="nan", status="diverged", error="the loss is not finite"),
        replace(RUN, id="x", error="ValueError: no column\nknown: a, b\n"),
        replace(
            RUN, id="y", error="ValueError: no column\nknown: a, b", traceback="Traceback: y\n"
        ),
    ]
    found = lost_runs(runs)
    assert [[run.id for run in loss.runs] for loss in found] == [
        ["x", "y"],
        ["memory"],
        ["nan"],
        ["killed"],
    ]
    first, *_, last = found
    assert (first.reason, first.rest) == ("ValueError: no column", "known: a, b")
    assert first.traceback == "Traceback: y"
    assert (last.reason, last.traceback) == ("", "")
    assert lost_runs([replace(RUN, status="completed")]) == []
