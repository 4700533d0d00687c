"""The leaderboard on the terminal: its numbers, its marks, and what comes before it."""

from dataclasses import asdict
from pathlib import Path

import pytest

from bakeoff.report.terminal import print_line, show, table
from bakeoff.select.leaderboard import Candidate, Leaderboard


def candidate(name: str, rank: int | None, mean: float | None = 0.5, **more) -> Candidate:
    settings = {
        "overrides": [],
        "std": 0.0123456,
        "ci95": (0.41, 0.59),
        "n": 3,
        "runs": ["r"],
        "parameters": 12345,
        "train_seconds": 61.7,
        "seconds_per_prediction": None,
        "status_counts": {"completed": 3},
        "tied_with_best": rank == 1,
    }
    return Candidate(name, rank=rank, mean=mean, **settings | more)


def board(*candidates: Candidate, **more) -> Leaderboard:
    settings = {"selected": candidates[0].name, "selected_run": "abc", "direction": "max"} | more
    return Leaderboard("tiny", "t", "score", candidates=list(candidates), **settings)


def shown(capsys: pytest.CaptureFixture, *candidates: Candidate, **more) -> str:
    show(board(*candidates, **more))
    return capsys.readouterr().out


def cells(text: str, name: str) -> list[str]:
    (line,) = (line for line in text.splitlines() if f" {name} " in line)
    return line.split()


def test_a_row_shows_its_candidates_numbers(capsys):
    text = shown(capsys, candidate("deep", 1))
    assert text.splitlines()[1].strip() == "tiny: validation score, more is better"
    assert cells(text, "deep") == [
        *("1", "deep", "0.5000", "0.0123", "0.4100", "to", "0.5900", "3", "12,345", "62", "s"),
    ]
    assert "selected        deep, run abc" in text


def test_a_tie_is_marked_at_all_but_the_best(capsys):
    tied, apart = candidate("b", 2, tied_with_best=True), candidate("c", 3)
    text = shown(capsys, candidate("a", 1), tied, apart)
    assert [cells(text, name)[0] for name in "abc"] == ["1", "2=", "3"]


def test_the_selected_candidate_is_green_and_not_a_better_mean_of_a_single_run():
    rows = [candidate("lucky", 1, n=1), candidate("best", 2)]
    made = table(asdict(board(*rows, selected="best")))
    assert [row.style for row in made.rows] == [None, "green"]


def test_without_a_completed_run_the_first_line_says_so(capsys):
    lost = {"mean": None, "std": None, "ci95": None, "n": 0, "status_counts": {"diverged": 2}}
    text = shown(capsys, candidate("deep", None, **lost), selected=None, selected_run=None)
    assert text.splitlines()[1] == "NO WINNER: no run completed"
    assert "NO WINNER" not in shown(capsys, candidate("deep", 1))


def test_what_no_other_candidate_beats_in_quality_and_cost_has_a_star(capsys):
    rows = [
        candidate("a", 1, pareto=["parameters", "train_seconds"]),
        candidate("b", 2, pareto=["parameters", "multiply_adds"]),
        candidate("c", 3),
    ]
    text = shown(capsys, *rows)
    assert cells(text, "a")[-3:] == ["*12,345", "*62", "s"]
    assert cells(text, "b")[-3:] == ["*12,345", "62", "s"]
    assert cells(text, "c")[-3:] == ["12,345", "62", "s"]
    assert "* Pareto front: none gives more for the same cost, or as much for less" in text
    assert "*" not in shown(capsys, rows[0]) and "*" not in shown(capsys, rows[2], rows[2])


def test_claims_are_said_once_for_all_that_they_hold_for(capsys):
    verdicts = ["among 2 that may be the best"] * 2 + ["not the best"]
    rows = [candidate("abc"[i], i + 1, verdict=verdict) for i, verdict in enumerate(verdicts)]
    text = shown(capsys, *rows, notes=["compared with one pooled variance"])
    assert "among 2 that may be the best: a, b\nnot the best: c\ncompared with one" in text
    rows = [candidate(name, 1, verdict="one run each") for name in "ab"]
    assert "\none run each\n" in shown(capsys, *rows)
    assert "one run each" not in shown(capsys, rows[0])


def test_lost_runs_are_counted_and_what_is_unknown_is_a_dash(capsys):
    lost = candidate(
        *("dead", None, None),
        std=None,
        ci95=None,
        n=0,
        parameters=None,
        train_seconds=None,
        status_counts={"failed": 2, "diverged": 1},
    )
    text = shown(
        capsys, candidate("deep", 1, n=3, status_counts={"completed": 3, "failed": 1}), lost
    )
    assert "3 of 4" in text
    assert cells(text, "dead") == ["-", "dead", "-", "-", "-", "0", "of", "3", "-", "-"]
    assert "deep: 1 failed" in text
    assert "dead: 2 failed" in text and "dead: 1 diverged" in text
    assert "completed" not in text


def test_why_there_is_no_winner_comes_first(capsys):
    problems = ["This sweep is not finished.", "Data differ."]
    text = shown(capsys, candidate("a", None), selected=None, selected_run=None, problems=problems)
    first, second, *rest = text.strip().splitlines()
    assert (first, second) == tuple(f"NO WINNER: {problem}" for problem in problems)
    assert "validation score" in rest[0]
    assert "selected" not in text


def test_a_selection_after_an_opening_says_so_first(capsys):
    said = "This selection came after an opening of the test set."
    text = shown(capsys, candidate("a", 1), after_opening=said)
    assert text.strip().splitlines()[0] == said


def test_edited_records_are_told_before_the_numbers(capsys):
    said = "The record of run a0 was edited since."
    text = shown(capsys, candidate("a", 1), edited=said)
    assert text.strip().splitlines()[0] == said


def test_changed_code_and_packages_are_told_before_the_numbers(capsys):
    said = ["acme.net changed between the runs.", "The runs were trained with different versions."]
    text = shown(capsys, candidate("a", 1), mixed=said)
    assert text.splitlines()[1:3] == said


def test_the_sealed_test_shows_its_metrics_without_the_losses(capsys):
    sealed = {"score": 0.81234, "loss": 1.0, "loss_box": 2.0, "pairs": 1234.5678, "f1": None}
    text = shown(capsys, candidate("a", 1), sealed_test=sealed)
    assert "test set        score 0.8123  pairs 1235\n" in text
    assert "opened before" not in text
    assert "test set" not in shown(capsys, candidate("a", 1))


def test_earlier_openings_of_the_same_test_data_are_named(capsys):
    opening = {"sweep": "other/1", "time": "2026-11-01T08:00:00+00:00", "run": "r"}
    text = shown(capsys, candidate("a", 1), sealed_test={"score": 0.5}, earlier_openings=[opening])
    assert "opened before   the same test data, once: other/1 (2026-11-01)" in text


def test_in_a_file_a_long_name_stays_in_one_line(capsys):
    name = "x" * 110
    assert cells(shown(capsys, candidate(name, 1)), name)[2] == "0.5000"


def test_markup_of_others_is_text_and_a_long_path_is_one_line(capsys):
    path = Path("x" * 300) / "[bold]"
    print_line("report", path)
    assert capsys.readouterr().out == f"report          {path}\n"


def test_how_probable_a_difference_is_and_why_a_run_is_selected(capsys):
    said = {"leader": "a", "margin": 0.01, "better": 0.1, "equal": 0.6, "worse": 0.3}
    rows = [candidate(name, i + 1, practical=said if i else None) for i, name in enumerate("abcde")]
    text = shown(capsys, *rows, selected_by="the best mean; the median of its 3 runs")
    each = "10 % better, 60 % equal, 30 % worse"
    assert f"\nagainst a, by more than 0.01: b {each}; c {each}; d {each}\n" in text
    assert "selected        a, run abc (the best mean; the median of its 3 runs)\n" in text


def test_the_test_result_has_its_interval_and_the_gap_in_words(capsys):
    other = {"candidate": "b", "value": 0.79, "difference": 0.02, "ci95": [0.01, 0.03]}
    text = shown(
        capsys,
        candidate("a", 1),
        sealed_test={"score": 0.81},
        sealed_test_ci95={"score": [0.79, 0.83]},
        sealed_test_units="500 images",
        sealed_test_gap="0.01 worse than this run's validation result 0.82",
        sealed_test_against=[other],
    )
    lines = text[text.index("test set") :].splitlines()[1:4]
    assert [line.strip() for line in lines] == [
        "95 % interval 0.7900 to 0.8300, over 500 images",
        "0.01 worse than this run's validation result 0.82",
        "b reaches 0.79 on the same data: the selected one minus it is +0.02, 95 % interval +0.01 to +0.03",
    ]


def test_what_fresh_seeds_say_of_the_finalists(capsys):
    text = shown(
        capsys, candidate("a", 1), finals={"said": ["a reaches 0.5", "the winner's curse"]}
    )
    assert "\na reaches 0.5\nthe winner's curse\nselected " in text


def test_many_candidates_leave_the_terminal_calm(capsys):
    said = {"leader": "optimizer.lr=0", "margin": 0.01, "better": 0.1, "equal": 0.6, "worse": 0.3}
    rows = [
        candidate(
            f"optimizer.lr={at}", at + 1, verdict="among 99 that may be the best", practical=said
        )
        for at in range(99)
    ] + [candidate("optimizer.lr=99", 100, verdict="not the best")]
    against = [
        {"candidate": f"optimizer.lr={at}", "value": 0.5, "difference": 0.0, "ci95": None}
        for at in range(1, 99)
    ]
    text = shown(capsys, *rows, sealed_test={"score": 0.5}, sealed_test_against=against)
    after = text[text.index("among 99 that may") :].splitlines()
    assert after[0].endswith("best: lr=0, lr=1, lr=2, lr=3, lr=4, lr=5 and 93 more")
    assert after[1] == "not the best: lr=99"
    assert len(after) < 12
    assert after[-1].strip() == "and 95 more, which are in the report"
