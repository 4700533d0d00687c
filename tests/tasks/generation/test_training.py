"""A language model learns a rule, writes by it, and leaves what a reader wants to see."""

import json

import pytest

TEXT = "the cat sat on the mat . a dog ran to the house . "


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with an experiment over a text that repeats itself, trained once."""
    from tests.conftest import Workplace

    folder = tmp_path_factory.mktemp("generation")
    place = Workplace(folder)
    for split, times in (("train", 400), ("val", 30), ("test", 30)):
        (folder / "texts" / split).mkdir(parents=True)
        (folder / "texts" / split / "a.txt").write_text(TEXT * times)
    (folder / "experiments" / "write.yaml").write_text(
        """
defaults:
  - config
  - override task: generation
  - override data: generation/folder
  - _self_

experiment: write
data_dir: data
data:
  corpus:
    source: {folder: texts}
    min_count: 5
  length: 8
  batch_size: 8
task:
  showcase: {prompts: [the cat, a dog], words: 6, widths: [1, 2], ngram: 0}
model:
  dropout: 0.0
optimizer:
  lr: 2e-2
trainer:
  max_epochs: 4
hydra:
  mode: MULTIRUN
  sweeper:
    params:
      model: language_model/lstm_shallow,language_model/transformer
      seed: 0
"""
    )
    done = place.run("run", "write")
    assert done.returncode == 0, done.stderr
    return place


def test_it_learns_a_rule_and_the_test_set_says_so(place):
    [board] = place.folder.glob("outputs/write/2*/leaderboard.json")
    found = json.loads(board.read_text())
    assert found["metric"] == "perplexity" and found["direction"] == "min"
    # Only the word after `the` is uncertain: cat, mat or house, by what came before.
    assert found["sealed_test"]["perplexity"] < 1.3
    assert found["sealed_test"]["accuracy"] > 0.9


def test_it_writes_by_the_rule(place):
    done = place.run("generate", "write/latest", "the cat", "--words", "4", "--beams", "2")
    assert done.stdout.splitlines()[0].endswith("The cat sat on the mat"), done.stderr
    done = place.run(
        "generate", "write/latest", "a dog", "--json", "--words", "4", "--no-repeat", "0"
    )
    [result] = json.loads(done.stdout)
    best = result["continuations"][0]
    assert best["text"] == "A dog ran to the house"
    assert best["perplexity"] == pytest.approx(1.0, abs=0.5)


def test_the_report_shows_what_every_candidate_writes(place):
    [page] = place.folder.glob("outputs/write/2*/report.html")
    html = page.read_text()
    assert "Continuations" in html and "Validation: beam width" in html
    assert html.count("The cat sat on the mat") >= 3


def test_a_run_of_another_task_generates_nothing(swept):
    place, _ = swept
    done = place.run("generate", "tiny/latest", "the cat")
    assert done.returncode == 1
    assert "task localization generates no text" in done.stderr
