"""The page shows the numbers of the leaderboard and of the records."""

import json

import pytest
from tests.report.localization import CANDIDATES, change, spread_out
from tests.report.reader import Page, assert_sensible

from bakeoff.report.evidence import read_evidence
from bakeoff.report.page import write_report
from bakeoff.select.mixed import mixed
from bakeoff.store import atomic, record


def test_baselines_stand_in_grey_where_they_belong_and_what_they_beat_is_said_first(sweep):
    def add(board):
        known = {"std": None, "n": 1, "runs": ["b"], "status_counts": {"completed": 1}}
        cost = {"train_seconds": 2.5, "seconds_per_prediction": 0.001}
        board["baselines"] = [
            {"name": "knn", "mean": 0.8, "note": "fitted to 9 of 10 <images>", **known, **cost},
            {"name": "own", "mean": None, "note": "no room", **known, **cost},
        ]
        board["unbeaten"] = ["lenet5/shallow", "mlp <wide> & deep"]

    change(sweep, add)
    path = write_report(read_evidence(sweep))
    page = Page(path)
    rows = [row for row in page.rows if row["section"] == "leaderboard" and row["text"]]
    assert [row["class"] for row in rows if row["class"]] == ["selected", "baseline", "baseline"]
    order = [at for at, row in enumerate(rows) if "knn" in row["text"] or "shallow" in row["text"]]
    assert ["knn" in rows[at]["text"] for at in order] == [True, False]
    row = page.row("leaderboard", "knn")
    assert row["numbers"] == [0.8] and "fitted to 9 of 10 <images>" in row["text"]
    assert "no room" in page.row("leaderboard", "own")["text"]
    html = path.read_text()
    said = (
        "lenet5/shallow, mlp &lt;wide&gt; &amp; deep are not better than the baseline knn (0.8000)"
    )
    assert f"Useless here: {said}." in html
    assert html.index("Useless here") < html.index("Its validation performance")


def test_costs_are_a_table_with_the_front_marked(sweep, page):
    def add(board):
        first, second = board["candidates"][:2]
        first["costs"] = {"multiply_adds": 2e6, "latency_seconds": 3e-5, "latency_p95": 6e-5}
        second["costs"] = {"multiply_adds": 1e6}
        second["pareto"] = ["multiply_adds", "parameters"]

    assert "All costs" not in page.source  # of a sweep that has not measured them
    change(sweep, add)
    made = Page(write_report(read_evidence(sweep)))
    rows = [row for row in made.rows if row["section"] == "cost"]
    texts = {name: row["text"] for name in CANDIDATES for row in rows if name in row["text"]}
    assert "2 M" in texts["lenet5/deep"] and "2 M *" not in texts["lenet5/deep"]
    assert "1 M *" in texts["lenet5/standard"]
    assert "30 µs" in texts["lenet5/deep"] and "p95 60 µs" in texts["lenet5/deep"]
    assert "Performance against multiply-adds of a prediction" in made.source


def test_the_leaderboard_shows_its_own_numbers(page, whole):
    for candidate in whole[1]["candidates"]:
        row = page.row("leaderboard", candidate["name"])
        shown = [candidate["mean"], candidate["std"], *candidate["ci95"]]
        assert row["numbers"] == shown
        for value in shown:
            assert f"{value:.4f}" in row["text"]
        assert f"{candidate['parameters']:,}" in row["text"]
        for status, runs in candidate["status_counts"].items():
            assert f"{runs} {status}" in row["text"]
    selected = [row for row in page.rows if row["class"] == "selected"]
    assert {row["section"] for row in selected} == {"leaderboard", "claims", "metrics"}
    assert all("lenet5/deep" in row["text"] for row in selected)


def test_the_headline_answers_the_question(page):
    # Worked by hand: the mean of .8312 .8267 .8351 is .8310, their deviation .0042, and
    # t(.975, 2) = 4.3027 makes the half interval 4.3027 * .0042 / sqrt(3) = .0105.
    assert "lenet5/deep is selected" in page.answer
    assert "performance is 0.8310 ± 0.0042" in page.answer
    assert "95 % interval 0.8206 to 0.8414), the best mean of 4 candidates" in page.answer
    assert "among 2 that may be the best, with lenet5/standard." in page.answer
    assert "it reaches 0.8288" in page.answer


def test_what_may_be_claimed_of_each_candidate_is_shown(page):
    assert "not the best" in page.row("claims", "lenet5/shallow")["text"]
    assert page.row("claims", "lenet5/deep")["numbers"] == [-0.01, 0.02]


def test_how_probable_a_difference_is_that_matters_is_shown(page):
    assert "2 %75 %23 %" in page.row("claims", "lenet5/standard")["text"]
    assert "better than lenet5/deep by more than 0.01" in page.text


def test_the_difference_to_the_leader_stands_in_the_claims_and_in_a_chart(page):
    row = page.row("claims", "lenet5/standard")
    assert row["numbers"][-3:] == [-0.004, -0.0134, 0.0054]
    assert page.source.count("differences to the leader") == 2  # one for a phone
    assert "minus that of the leader, <b>lenet5/<wbr>deep</b>" in page.source


def test_every_validation_metric_is_averaged_over_completed_runs(page):
    # performance p first, then accuracy = p + .08, iou = p - .08, loss = 1 - p
    mean = (0.7712 + 0.7805) / 2
    expected = [mean, mean + 0.08, mean - 0.08, 1 - mean]
    assert page.row("metrics", "lenet5/shallow")["numbers"] == pytest.approx(expected)


def test_quality_stands_against_gap_and_sparsity_where_they_were_measured(sweep):
    assert "against gap" not in Page(write_report(read_evidence(sweep))).text
    for path in sweep.glob("*/run.json"):
        run = record.read(path.parent)
        if run.status == "completed":
            run.metrics |= {"gap": 0.001 * run.parameters**0.3, "sparsity": 0.0}
        run.write(path.parent)
    page = Page(write_report(read_evidence(sweep)))
    assert_sensible(page)
    assert "Performance against gap: training minus validation" in page.text
    assert "lenet5/deep: 0.8310 at 0.0365" in page.source  # 0.001 * 161,343^0.3
    assert "Performance against sparsity: share of weights near zero" in page.text
    assert "Every candidate has the same." in page.text


def test_tables_of_the_showcase_are_shown_as_text(sweep):
    rows = [["<unk> & ___ <b>", "is", 3], ["he ___ old", "was", 0.5]]
    table = {"columns": ["context", "true", "count"], "rows": rows, "note": "Right, then wrong."}
    atomic.write_json(sweep / "showcase" / "validation-sentences.json", table)
    page = Page(write_report(read_evidence(sweep)))
    assert_sensible(page)
    shown = [row["text"] for row in page.rows if row["section"] == "examples"]
    assert shown == ["contexttruecount", "<unk> & ___ <b>is3", "he ___ oldwas0.5"]
    assert "Validation: sentences" in page.text
    assert "Right, then wrong." in page.text


def test_the_time_of_a_prediction_is_beside_that_of_training(sweep):
    def measured(board):
        board["candidates"][0]["seconds_per_prediction"] = 0.000012

    change(sweep, measured)
    page = Page(write_report(read_evidence(sweep)))
    assert "12 µs" in page.row("leaderboard", "lenet5/deep")["text"]


def test_many_candidates_are_cut_to_the_best(sweep):
    def multiply(board):
        best = board["candidates"][0]
        board["candidates"] = [best | {"name": f"c{i}", "rank": 26 - i} for i in range(26)]
        board["selected"] = "c25"

    change(sweep, multiply)
    page = Page(write_report(read_evidence(sweep)))
    assert_sensible(page)
    assert "14 more candidates are not shown." in page.text
    assert "The best 24 of 26 candidates." in page.text
    ranked = [row["text"].split() for row in page.rows if row["section"] == "leaderboard"][1:]
    assert [row[:2] for row in ranked[:2]] == [["1", "c25"], ["2", "c24"]]
    assert "25 others, such as c24, c23, c22 and c21." in page.answer


def test_tuning_and_hyperparameters_are_shown_of_many_settings(sweep, page):
    assert not {"tuning", "hyperparameters"} & set(page.ids)  # of four candidates
    change(sweep, spread_out)
    made = Page(write_report(read_evidence(sweep)))
    assert_sensible(made)
    assert made.row("tuning", "deep")["text"].strip().startswith("deep6")
    assert made.row("tuning", "wide")["text"].strip().startswith("wide10")
    assert "Not all were tuned equally: wide with 10, deep with 6." in made.text
    assert "A model's estimate, not a measurement" in made.text
    rows = [row["text"] for row in made.rows if row["section"] == "hyperparameters"]
    assert "lr" in rows[1] and len(rows) == 4  # the heading, lr, model, act
    assert made.source.count("performance over all hyperparameters") == 2


def test_where_all_runs_come_from_is_told(sweep, page):
    assert "Where all runs come from" in page.text
    path = next(sweep.glob("0*/run.json"))
    content = json.loads(path.read_text())
    content["environment"]["packages"] = {"torch": "1.0"}
    path.write_text(json.dumps(content))
    change(sweep, lambda board: board.update(mixed=mixed(record.read_all(sweep))))
    made = Page(write_report(read_evidence(sweep)))
    assert "torch 1.0 (1 run)" in " ".join(made.text.split())
    assert made.text.index("different versions of torch") < made.text.index(
        "The test set played no part"
    )


def test_what_fresh_seeds_say_of_the_finalists_is_shown_first(sweep):
    def hold(board):
        row = board["candidates"][0]
        ids = row["runs"][1:]
        row["runs"] = row["runs"][:1]
        row["fresh"] = {"mean": 0.81, "std": 0.01, "ci95": [0.80, 0.82], "n": 2, "runs": ids}
        said = ["it reaches 0.81", "on the seeds that chose it, it had 0.83, 0.02 better"]
        board["finals"] = {"seeds": [5, 6], "said": said}

    change(sweep, hold)
    page = Page(write_report(read_evidence(sweep)))
    assert_sensible(page)
    assert "performance is 0.8100 ± 0.0100 (mean and standard deviation of 2 fresh runs; 95 %" in (
        page.answer
    )
    assert "no part in the first selection; on the seeds that chose it, it had 0.83" in page.answer
    numbers = page.row("finalists", "lenet5/deep")["numbers"]
    assert numbers == [pytest.approx(0.831), 0.81, 0.01, 0.80, 0.82]
    assert "All 13 runs" in page.text  # those on fresh seeds among them
