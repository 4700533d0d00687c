"""Sentences about a leaderboard."""

from bakeoff.report.claims import beside_test, practically, useless, verdicts


def board(*rows, **more):
    known = {
        "unbeaten": [],
        "baselines": [],
        "sealed_test_baseline": None,
        "sealed_test_against": [],
    }
    return {**known, "candidates": list(rows), **more}


def row(name, verdict="", **more):
    return {"name": name, "rank": 1, "verdict": verdict, "practical": None, **more}


def test_a_claim_names_those_that_it_holds_for_each_written_as_asked():
    made = board(row("a", "the best"), row("b", "not the best"), row("c", "not the best"))
    assert verdicts(made, str.upper, lambda text: f"<{text}>") == [
        "<the best>: A",
        "<not the best>: B, C",
    ]
    assert verdicts(board(row("a", "alone"))) == []
    assert verdicts(board(row("a", "one run"), row("b", "one run"))) == ["one run"]


def test_many_names_are_counted():
    rows = [row(str(at), "not the best") for at in range(8)]
    assert verdicts(board(row("a", "the best"), *rows))[1].endswith("0, 1, 2, 3, 4, 5 and 2 more")


def test_what_matters_in_practice_is_said_of_the_next_three():
    own = {"leader": "a", "margin": 0.01, "better": 0.1, "equal": 0.6, "worse": 0.3}
    rows = [row("a"), *(row(name, practical=own) for name in "bcde")]
    each = "10 % better, 60 % equal, 30 % worse"
    assert practically(board(*rows)) == [
        f"against a, by more than 0.01: b {each}; c {each}; d {each}"
    ]
    assert practically(board(row("a"))) == []


def test_candidates_that_beat_no_baseline_are_useless():
    floor = [{"name": "knn", "mean": 0.9}]
    assert useless(board(row("a"), row("b"), baselines=floor)) == ""
    assert useless(board(row("a"), row("b"), baselines=floor, unbeaten=["b"])) == (
        "b is not better than the baseline knn (0.9000)"
    )


def test_the_baseline_comes_before_the_others_on_test_data():
    others = [
        {"candidate": str(at), "value": 0.5, "difference": 0.1, "ci95": None} for at in range(5)
    ]
    made = board(sealed_test_baseline={"said": "beats knn"}, sealed_test_against=others)
    said = beside_test(made)
    assert said[0] == "beats knn" and said[1].startswith("0 reaches 0.5")
    assert said[-1] == "and 2 more, which are in the report" and len(said) == 5
