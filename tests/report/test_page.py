"""The report shows the leaderboard's numbers, says what is missing, and loads nothing."""

import base64
import hashlib
import json
import math
import re
import shutil
import statistics
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image
from scipy import stats

from bakeoff.errors import BakeoffError
from bakeoff.report.evidence import read_evidence
from bakeoff.report.page import write_report
from bakeoff.select import ledger
from bakeoff.store import atomic, record
from bakeoff.store.record import Checkpoint, Metric, RunRecord

# name: (overrides, parameters, performance of each seed, seconds per run)
CANDIDATES = {
    "lenet5/deep": (["model=lenet5/deep"], 161_343, [0.8312, 0.8267, 0.8351], 212.0),
    "lenet5/standard": (["model=lenet5/standard"], 61_706, [0.8241, 0.8302, 0.8266], 118.4),
    "lenet5/shallow": (["model=lenet5/shallow"], 24_871, [0.7712, 0.7805], 74.0),
    "mlp <wide> & deep": (
        ["model=mlp", "model.width=2048"],
        5_912_591,
        [0.6123, 0.6342, 0.6021],
        48.3,
    ),
}
PRACTICAL = {
    "leader": "lenet5/deep",
    "margin": 0.01,
    "better": 0.02,
    "equal": 0.75,
    "worse": 0.23,
}
TO_LEADER = {
    "leader": "lenet5/deep",
    "mean": -0.004,
    "ci95": [-0.0134, 0.0054],
    "n": 3,
    "analysis": "pooled",
}
SET = ("lenet5/deep", "lenet5/standard")  # of those that may be the best
EPOCHS = 12


def write_run(sweep: Path, name: str, seed: int, value: float, status: str = "completed") -> str:
    """Write the folder of one run: record, configuration, event file."""
    from torch.utils.tensorboard import SummaryWriter

    overrides, parameters, _, seconds = CANDIDATES[name]
    run = f"{list(CANDIDATES).index(name):x}{seed}f3a9c2"
    folder = sweep / run
    epochs = EPOCHS if status == "completed" else 4
    with SummaryWriter(str(folder)) as writer:
        for epoch in range(epochs):
            step, rate = epoch * 50 + 49, 1 - math.exp(-(epoch + 1) / 3)
            wobble = 0.02 * math.sin(7 * epoch + 31 * seed + parameters)
            scalars = {
                "val/performance": value * rate + wobble,
                "val/loss": 2.2 * math.exp(-epoch / 4) + 0.5 - 0.3 * value + 3 * abs(wobble),
                "train/loss": 2.4 * math.exp(-epoch / 3.4) + 0.3 - 0.3 * value,
            }
            for tag, scalar in scalars.items():
                writer.add_scalar(tag, scalar, step)
            writer.add_scalar("epoch", epoch, step)
        if status == "diverged":
            writer.add_scalar("train/loss", math.nan, epochs * 50)
    errors = {
        "failed": "RuntimeError: CUDA out of memory. Tried to allocate <2.00 GiB> & gave up",
        "diverged": "train/loss is not finite at step 200 (epoch 4)",
    }
    scores = {
        "accuracy": value + 0.08,
        "iou": value - 0.08,
        "loss": 1 - value,
        "performance": value,
    }
    done = status == "completed"
    RunRecord(
        id=run,
        status=status,
        experiment="localization",
        task="localization",
        candidate=name,
        overrides=[*overrides, f"seed={seed}"],
        seed=seed,
        metric=Metric(
            "performance", "max", *((value, EPOCHS - 1 - seed) if done else (None, None))
        ),
        metrics=scores if done else {},
        parameters=parameters,
        train_seconds=seconds + seed,
        samples_per_second=5210.0,
        epochs=epochs,
        max_epochs=EPOCHS,
        peak_memory_bytes=812_000_000,
        data_fingerprint="9f2c61d0a7be",
        checkpoint=Checkpoint("checkpoints/best.ckpt", "ab" * 32) if done else None,
        environment={
            "python": "3.12.4",
            "packages": {"torch": "2.13.0", "pytorch-lightning": "2.6.6"},
            "platform": "Linux-x86_64",
            "device": "cpu",
            "commit": "f6ce209",
            "dirty": False,
        },
        error=errors.get(status),
    ).write(folder)
    config = f"seed: {seed}\nmodel:\n  name: {name}\noptimizer:\n  lr: ${{lr}}\n"
    atomic.write_text(folder / ".hydra" / "config.yaml", config)
    return run


def write_sweep(folder: Path) -> dict:
    """Write a sweep with a failed and a diverged run, and return its leaderboard."""
    lost = {"lenet5/shallow": "diverged", "mlp <wide> & deep": "failed"}
    rows = []
    for name, (overrides, parameters, values, seconds) in CANDIDATES.items():
        runs = [write_run(folder, name, seed, value) for seed, value in enumerate(values)]
        if name in lost:
            runs.append(write_run(folder, name, len(values), 0.3, lost[name]))
        mean, std = statistics.fmean(values), statistics.stdev(values)
        half = stats.t.ppf(0.975, len(values) - 1) * std / math.sqrt(len(values))
        rows.append(
            {
                "name": name,
                "overrides": overrides,
                "rank": len(rows) + 1,
                "mean": mean,
                "std": std,
                "ci95": [mean - half, mean + half],
                "n": len(values),
                "runs": runs,
                "parameters": parameters,
                "train_seconds": seconds,
                "status_counts": {"completed": len(values)}
                | ({lost[name]: 1} if name in lost else {}),
                "tied_with_best": name.startswith("lenet5") and "shallow" not in name,
                "verdict": "among 2 that may be the best" if name in SET else "not the best",
                "to_best": [-0.01, 0.02] if name in SET else [-0.3, None],
                "practical": PRACTICAL if name == "lenet5/standard" else None,
                "to_leader": TO_LEADER if name == "lenet5/standard" else None,
            }
        )
    board = {
        "experiment": "localization",
        "task": "localization",
        "metric": "performance",
        "direction": "max",
        "candidates": rows,
        "selected": "lenet5/deep",
        "selected_run": rows[0]["runs"][2],
        "sealed_test": {"performance": 0.8288, "accuracy": 0.9121, "iou": 0.7455},
    }
    atomic.write_json(folder / "leaderboard.json", board)
    entry = {"run": board["selected_run"], "checkpoint_sha256": "ab" * 32, "test_fingerprint": "t"}
    ledger.enter(folder, ledger.OPENING, entry)
    ledger.enter(folder, ledger.RESULT, {**entry, "result": board["sealed_test"]})
    (folder / "showcase").mkdir()
    for stem in ("validation-worst-mistakes", "validation-samples"):
        Image.effect_noise((480, 300), 60).save(folder / "showcase" / f"{stem}.png")
    return board


class Page(HTMLParser):
    """What a reader of the page gets: its text, its numbers per table row, its links and ids."""

    def __init__(self, path: Path):
        super().__init__()
        self.source = path.read_text(encoding="utf-8")
        self.tags, self.ids, self.links, self.pictures = [], [], [], []
        self.rows: list[dict] = []  # {"section", "class", "text", "numbers"}
        self.text = ""
        self._section, self._hidden, self._in_row = "", 0, False
        self.feed(self.source)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append(tag)
        self._hidden += tag in ("style", "title", "script")
        if "id" in attributes:
            self.ids.append(attributes["id"])
        self.links += [
            attributes[key] for key in ("href", "src", "xlink:href") if key in attributes
        ]
        self.links += re.findall(r"url\(([^)]*)\)", " ".join(map(str, attributes.values())))
        if tag == "img":
            self.pictures.append(attributes["alt"])
        if tag in ("section", "header"):
            self._section = attributes["id"]
        if tag == "tr":
            row = {"section": self._section, "class": attributes.get("class"), "text": ""}
            self.rows.append(row | {"numbers": []})
            self._in_row = True
        if tag == "data" and self._in_row:
            self.rows[-1]["numbers"].append(float(attributes["value"]))

    def handle_endtag(self, tag):
        self._hidden -= tag in ("style", "title", "script")
        self._in_row &= tag != "tr"

    def handle_data(self, data):
        if self._hidden:
            return
        self.text += data
        if self._in_row:
            self.rows[-1]["text"] += data

    def row(self, section: str, name: str) -> dict:
        """Return the one row of a section's table that names `name`."""
        (row,) = (row for row in self.rows if row["section"] == section and name in row["text"])
        return row

    @property
    def answer(self) -> str:
        """The text before the leaderboard, with single spaces."""
        return " ".join(self.text.split("Leaderboard")[0].split())


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> tuple[Path, dict]:
    """Write a sweep that no test changes."""
    folder = tmp_path_factory.mktemp("localization") / "2026-11-03_10-00-00"
    folder.mkdir()
    return folder, write_sweep(folder)


@pytest.fixture
def sweep(whole, tmp_path) -> Path:
    """Copy it, to be damaged."""
    return Path(shutil.copytree(whole[0], tmp_path / "localization" / "2026-11-03_10-00-00"))


@pytest.fixture(scope="module")
def page(whole) -> Page:
    return Page(write_report(read_evidence(whole[0])))


def change(folder: Path, edit) -> dict:
    """Let `edit` change the leaderboard in place."""
    board = json.loads((folder / "leaderboard.json").read_text())
    edit(board)
    (folder / "leaderboard.json").write_text(json.dumps(board))  # NaN included, as others write it
    return board


def assert_sensible(page: Page) -> None:
    """No placeholder of a programming language reaches the reader, and nothing is loaded."""
    assert not re.findall(r"\b(nan|inf|None|Undefined|null)\b", page.text)
    assert all(link.startswith(("#", "data:")) for link in page.links)
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert page.tags.count("script") <= 1  # its own


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


def test_the_sealed_test_stands_beside_the_selected_runs_validation(page):
    assert page.row("test", "accuracy")["numbers"] == [pytest.approx(0.8351 + 0.08), 0.9121]


def test_whether_the_test_result_beats_the_best_baseline_is_said(sweep):
    path = sweep / "leaderboard.json"
    board = json.loads(path.read_text())
    said = "the best baseline, knn, reaches 0.7 on the same test data: the selected run is better"
    board["sealed_test_baseline"] = {"name": "knn", "said": said, "difference_ci95": [0.1, 0.2]}
    path.write_text(json.dumps(board))
    made = Page(write_report(read_evidence(sweep)))
    assert "The best baseline, knn, reaches 0.7 on the same test data" in made.answer
    assert "The interval is over the same resamples for both." in made.text


def test_every_validation_metric_is_averaged_over_completed_runs(page):
    # performance p first, then accuracy = p + .08, iou = p - .08, loss = 1 - p
    mean = (0.7712 + 0.7805) / 2
    expected = [mean, mean + 0.08, mean - 0.08, 1 - mean]
    assert page.row("metrics", "lenet5/shallow")["numbers"] == pytest.approx(expected)


def test_lost_runs_stay_visible_with_their_messages(page):
    assert "Tried to allocate <2.00 GiB> & gave up" in page.text
    assert "train/loss is not finite at step 200" in page.text
    assert "All 13 runs" in page.text


def test_the_page_loads_nothing(page):
    assert_sensible(page)
    assert "script" not in page.tags and "script-src" not in page.source
    assert "default-src 'none'" in page.source
    assert not re.search(r"https?:|@import", page.source)


def test_pictures_are_in_the_page(page):
    assert page.pictures == ["Validation: samples", "Validation: worst mistakes"]
    assert sum(link.startswith("data:image/png;base64,") for link in page.links) == 2


def test_it_tells_how_to_run_it_again(page):
    assert "bakeoff run localization" in page.text
    assert "hydra.mode=RUN model=lenet5/deep seed=2" in page.text
    assert "9f2c61d0a7be" in page.text
    assert "lr: ${lr}" in page.text  # unresolved: what it stands for may be a secret


def test_the_same_files_give_the_same_report(whole, page):
    assert write_report(read_evidence(whole[0])).read_text(encoding="utf-8") == page.source


def test_text_of_others_is_only_text(sweep):
    evil = '<script>alert(\'1\')</script> & "x" $\\frac$ 数据\x00\udce9 --> id="answer"'

    def rename(board):
        board["candidates"][0]["name"] = board["selected"] = evil
        board["experiment"] = board["task"] = board["metric"] = evil
        board["candidates"][1]["overrides"] = [evil]

    board = change(sweep, rename)
    path = sweep / board["candidates"][3]["runs"][-1] / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"error": f"{evil} \udce9"}))
    page = Page(write_report(read_evidence(sweep)))
    assert_sensible(page)
    assert "<script>alert('1')</script> & \"x\" $\\frac$ 数据" in page.text
    assert page.ids.count("answer") == 1


def test_one_run_per_candidate_has_no_interval(sweep):
    def reduce(board):
        for row in board["candidates"]:
            row |= {"n": 1, "std": None, "ci95": None, "runs": row["runs"][:1]}
            row["tied_with_best"] = True  # as one run cannot show a difference
            row |= {"to_best": None, "verdict": "one run each: not comparable"}

    change(sweep, reduce)
    page = Page(write_report(read_evidence(sweep)))
    assert_sensible(page)
    assert "performance is 0.8310 (1 run, too few for an interval)" in page.answer
    assert "What the runs show: one run each: not comparable." in page.answer


def test_a_sweep_without_a_completed_run(sweep):
    def fail(board):
        board |= {"selected": None, "selected_run": None, "sealed_test": None}
        board["candidates"] = board["candidates"][2:]
        for row in board["candidates"]:
            row |= {"rank": None, "mean": math.nan, "std": None, "ci95": None, "n": 0}
            row |= {"runs": row["runs"][-1:], "parameters": None, "train_seconds": None}
            row["status_counts"] = {"failed": 1}

    change(sweep, fail)
    (sweep / "test_ledger.jsonl").unlink()
    page = Page(write_report(read_evidence(sweep)))
    assert_sensible(page)
    assert "No candidate is selected" in page.answer
    assert "Not one of the 2 candidates has a completed run" in page.answer
    assert "Tried to allocate" in page.text
    assert page.row("leaderboard", "lenet5/shallow")["numbers"] == []


def test_a_sweep_without_candidates(tmp_path):
    board = {"experiment": "e", "task": "t", "metric": "m", "direction": "min", "candidates": []}
    atomic.write_json(
        tmp_path / "leaderboard.json", board | {"selected": None, "selected_run": None}
    )
    page = Page(write_report(read_evidence(tmp_path)))
    assert_sensible(page)
    assert "The sweep has no candidates." in page.text
    assert "lower is better" in page.text


def test_what_is_missing_is_said(sweep):
    board = change(sweep, lambda board: board.update(sealed_test=None))
    damaged, gone, cut = board["candidates"][0]["runs"]
    next((sweep / damaged).glob("events.*")).write_bytes(b"damaged")
    shutil.rmtree(sweep / gone)
    events = next((sweep / cut).glob("events.*"))
    events.write_bytes(events.read_bytes()[:400])
    (sweep / "showcase" / "broken.png").write_text("no picture")
    (sweep / "showcase" / "uneven.json").write_text('{"columns": ["a", "b"], "rows": [["1"]]}')
    (sweep / "test_ledger.jsonl").write_text('{"time": "2026"\n')
    shutil.rmtree(sweep / cut / ".hydra")
    page = Page(write_report(read_evidence(sweep)))
    assert f"No learning curves could be read of run {damaged}." in page.text
    assert f"The record of run {gone} is missing or damaged" in page.text
    assert str(sweep) not in page.source
    assert f"The curves of run {cut} end at epoch" in page.text
    assert "showcase/broken.png is not a PNG picture" in page.text
    assert "showcase/uneven.json is not a table" in page.text
    assert "examples" not in page.ids
    assert "test_ledger.jsonl, line 1: damaged or edited" in page.text
    assert "has not been opened yet" in page.answer
    assert "bakeoff test outputs/localization/2026-11-03_10-00-00" in page.text


def test_no_curves_and_no_pictures(sweep):
    for path in sweep.glob("*/events.*"):
        path.unlink()
    shutil.rmtree(sweep / "showcase")
    page = Page(write_report(read_evidence(sweep)))
    assert "No learning curves were found" in page.text
    assert "showcase" not in page.ids
    assert page.row("leaderboard", "lenet5/deep")["numbers"]


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


def spread_out(board) -> None:
    """Make of the sweep's first candidate sixteen, of two architectures, one tuned more."""
    first = board["candidates"][0]
    board["candidates"] = [
        first
        | {
            "name": f"{model} lr={10**-lr:g} act={act}",
            "overrides": [f"model={model}", f"lr={10**-lr:g}", f"act={act}"],
            "rank": rank + 1,
            "mean": 0.9 - 0.02 * rank,
        }
        for rank, (lr, act, model) in enumerate(
            (lr, act, "deep" if lr < 4 else "wide")
            for lr in (1, 2, 3, 4, 5, 6, 7, 8)
            for act in ("relu", "tanh")
        )
    ]
    board["selected"] = "deep lr=0.1 act=relu"


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


def test_many_candidates_can_be_sorted_by_the_pages_own_script_alone(sweep):
    """The policy lets run what has the hash of the script, and nothing else."""
    change(sweep, spread_out)
    made = Page(write_report(read_evidence(sweep)))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', made.source)[1]
    (script,) = re.findall(r"<script>(.*?)</script>", made.source, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy == (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'"
    )
    assert made.source.count("data-sortable") == 4  # in the script too
    assert 'data-sort="161343"' in made.source  # the parameters, shown as 161,343


def test_where_all_runs_come_from_is_told(sweep, page):
    assert "Where all runs come from" in page.text
    path = next(sweep.glob("0*/run.json"))
    content = json.loads(path.read_text())
    content["environment"]["packages"] = {"torch": "1.0"}
    path.write_text(json.dumps(content))
    made = Page(write_report(read_evidence(sweep)))
    assert "torch 1.0 (1 run)" in " ".join(made.text.split())
    assert made.text.index("different sets of packages") < made.text.index(
        "The test set played no part"
    )


def test_a_test_of_other_weights_is_said(sweep):
    entry = {"run": "02f3a9c2", "checkpoint_sha256": "cd" * 32, "test_fingerprint": "t"}
    ledger.enter(sweep, ledger.OPENING, entry)
    text = Page(write_report(read_evidence(sweep))).text
    assert "The test set was opened 2 times." in text
    assert "another checkpoint than run 02f3a9c2 now has" in text


def test_openings_of_the_same_data_by_other_sweeps_are_said_first(sweep):
    opening = {"sweep": "other/2026-11-01", "time": "2026-11-01T08:00:00+00:00", "run": "r"}
    change(sweep, lambda board: board.update(earlier_openings=[opening]))
    said = (
        "The test set was opened before: the same test data, once: other/2026-11-01 (2026-11-01)."
    )
    assert said in Page(write_report(read_evidence(sweep))).text


def test_results_without_a_winner_say_why_in_the_first_line(sweep):
    def unfinished(board: dict) -> None:
        board.update(selected=None, selected_run=None, sealed_test=None)
        board["problems"] = ["This sweep is not finished: of 4 planned runs, 1 missing."]
        for row in board["candidates"]:
            row["rank"] = None

    change(sweep, unfinished)
    page = Page(write_report(read_evidence(sweep)))
    assert "No candidate is selected" in page.answer
    assert "This sweep is not finished: of 4 planned runs, 1 missing." in page.answer


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"no leaderboard.json in .*give the folder of a sweep"),
        ("{", r"leaderboard.json is damaged .*bakeoff report SWEEP"),
        ("[]", r"is not a leaderboard: expected the keys"),
        ('{"candidates": []}', r"is not a leaderboard: expected the keys"),
        ("kind", r"leaderboard.json: selected is 3, expected a text or null"),
        ("rows", r"expected candidates with the keys .*got \{'name': 'x'\}"),
    ],
)
def test_a_folder_without_a_leaderboard_is_refused(tmp_path, content, message):
    if content == "rows":
        keys = ("experiment", "task", "metric", "direction", "selected", "selected_run")
        content = json.dumps(dict.fromkeys(keys) | {"candidates": [{"name": "x"}]})
    if content == "kind":
        known = {"experiment": "e", "task": "t", "metric": "m", "direction": "max"}
        content = json.dumps(known | {"candidates": [], "selected": 3, "selected_run": None})
    if content is not None:
        (tmp_path / "leaderboard.json").write_text(content)
    with pytest.raises(BakeoffError, match=message):
        write_report(read_evidence(tmp_path))
    assert not (tmp_path / "report.html").exists()


def test_the_test_result_has_its_interval_and_the_gap_is_in_words(sweep):
    def opened(board):
        board["sealed_test_ci95"] = {"performance": [0.81, 0.84], "accuracy": None}
        board["sealed_test_units"] = "1,000 images"
        board["sealed_test_gap"] = "0.0063 worse than this run's validation result 0.8351"
        board["sealed_test_against"] = [
            {
                "run": "x",
                "candidate": "lenet5/standard",
                "value": 0.82,
                "difference": 0.0088,
                "ci95": [0.001, 0.016],
            }
        ]

    change(sweep, opened)
    page = Page(write_report(read_evidence(sweep)))
    assert_sensible(page)
    assert (
        "it reaches 0.8288 (95 % interval 0.8100 to 0.8400, over 1,000 images), 0.0063 worse than"
        in (page.answer)
    )
    assert page.row("test", "performance")["numbers"] == [0.8351, 0.8288, 0.81, 0.84]
    assert "lenet5/standard reaches 0.82 on the same data" in page.text


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
