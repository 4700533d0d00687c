"""On which data the runs of a sweep were evaluated."""

from tests.select.runs import of_data, run

from bakeoff.sweep.data_seen import data_seen


def test_candidates_by_fold_and_fingerprint_each_once():
    runs = [
        of_data("one", run("a", 0, 0.9), 0),
        of_data("one", run("a", 1, 0.9), 0),
        of_data("one", run("b", 0, 0.9), 0),
        of_data("two", run("a", 2, 0.9), 1),
    ]
    assert data_seen(runs) == {
        "data.fold=0": {"one": ["a", "b"]},
        "data.fold=1": {"two": ["a"]},
    }


def test_what_did_not_complete_and_what_lost_its_fingerprint_is_left_out():
    runs = [of_data("one", run("a", 0, None, "failed")), run("b", 0, 0.9)]
    assert data_seen(runs) == {}
