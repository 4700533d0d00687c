"""Baselines among the candidates, and in words."""

from tests.report.test_terminal import candidate, cells, shown

from bakeoff.report.baselines import against_baselines
from bakeoff.select.baselines import BaselineRow


def baseline(name: str, mean: float | None, note: str = "") -> BaselineRow:
    counts = {"failed" if mean is None else "completed": 1}
    return BaselineRow(name, mean, None, int(mean is not None), ["b"], 0.4, 1e-5, counts, note)


def test_baselines_stand_without_a_rank_where_they_belong(capsys):
    floor = [baseline("knn", 0.6), baseline("majority", 0.2), baseline("own", None, "no room")]
    rows = [candidate("a", 1, 0.7), candidate("b", 2, 0.5), candidate("lost", None, None)]
    text = shown(capsys, *rows, baselines=floor)
    names = ["a", "knn", "b", "majority", "lost", "own"]
    table = text.split("time")[1].split("\n\n")[0]
    assert [word for word in table.split() if word in names] == names
    assert cells(text, "knn") == ["knn", "0.6000", "-", "1", "0", "s"]
    assert "own: no room" in text
    assert "USELESS" not in text


def test_a_baseline_of_a_metric_of_which_less_is_better(capsys):
    rows = [candidate("a", 1, 2.0), candidate("b", 2, 5.0)]
    text = shown(capsys, *rows, direction="min", baselines=[baseline("ngram", 3.0)])
    assert text.index(" a ") < text.index(" ngram ") < text.index(" b ")


def test_what_does_not_beat_a_baseline_is_said_first(capsys):
    rows = [candidate("a", 1, 0.7), candidate("b", 2, 0.5), candidate("c", 3, 0.4)]
    text = shown(capsys, *rows, baselines=[baseline("knn", 0.6)], unbeaten=["b", "c"])
    assert text.strip().splitlines()[0] == (
        "USELESS: b, c are not better than the baseline knn (0.6000)"
    )
    text = shown(capsys, *rows, baselines=[baseline("knn", 0.9)], unbeaten=["a", "b", "c"])
    assert text.strip().startswith("USELESS: no candidate is better than the baseline knn (0.9000)")


def test_many_names_are_counted():
    assert against_baselines(list("abcdef"), 8, "knn", 0.5) == (
        "6 of 8 candidates are not better than the baseline knn (0.5000)"
    )
    assert against_baselines(["a"], 2, "knn", 104.25).startswith("a is not better than")
    assert "(104.2)" in against_baselines(["a"], 2, "knn", 104.25)
