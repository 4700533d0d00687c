"""A bake-off with a net from scratch in it, as one command leaves it."""

import json

from PIL import Image

SCRATCH = """
defaults:
  - config
  - override task: classification
  - override optimizer: sgd
  - _self_

experiment: scratch
data_dir: data
trainer:
  max_epochs: 1
hydra:
  mode: MULTIRUN
  sweeper:
    params:
      model: mlp/standard,scratch/mlp
"""


def test_the_report_shows_gradients_gap_and_sparsity(workplace):
    (workplace.folder / "experiments" / "scratch.yaml").write_text(SCRATCH)
    done = workplace.run("run", "scratch")
    assert done.returncode == 0, done.stderr
    sweep = workplace.folder / "outputs" / "scratch" / "latest"
    board = json.loads((sweep / "leaderboard.json").read_text())
    assert {row["name"] for row in board["candidates"]} == {"mlp/standard", "scratch/mlp"}
    with Image.open(sweep / "showcase" / "gradients-by-hand.png") as picture:
        assert picture.width > 600
    page = (sweep / "report.html").read_text()
    assert "Gradients: by hand" in page
    assert "Accuracy against gap: training minus validation" in page
    assert "Accuracy against sparsity" in page
