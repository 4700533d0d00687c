"""What candidates were set to, read from their overrides."""

from bakeoff.report.settings import is_whole, settings_of, varied


def row(*overrides, **more):
    return {"overrides": list(overrides), **more}


def test_keys_are_read_however_they_were_typed():
    found = settings_of(row("model=mlp", "+optimizer.lr=1e-3", "~scheduler", "text='a=b'"))
    assert found == {"model": "mlp", "optimizer.lr": "1e-3", "scheduler": "null", "text": "a=b"}


def test_only_what_differs_is_varied_as_numbers_where_all_are():
    rows = [row("lr=1e-3", "same=2", "act=relu"), row("lr=0.1", "same=2"), row("lr=0.1", "same=2")]
    assert varied(rows) == {"lr": [0.001, 0.1, 0.1], "act": ["relu", "–", "–"]}
    assert varied([row("lr=null"), row("lr=0.1")]) == {"lr": ["null", "0.1"]}


def test_a_candidate_that_lost_a_run_is_not_whole():
    assert is_whole(row(mean=0.5, n=2, status_counts={"completed": 2}))
    assert not is_whole(row(mean=0.5, n=2, status_counts={"completed": 2, "failed": 1}))
    assert not is_whole(row(mean=None, n=0, status_counts={}))
