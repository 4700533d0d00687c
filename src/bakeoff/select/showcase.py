"""`showcase/`: pictures and tables of the selected run, drawn after the test set was opened."""

import shutil
from pathlib import Path

import pytorch_lightning as pl
import torch
from omegaconf import DictConfig

from bakeoff.data.adapted import Adapted
from bakeoff.identity.kind import is_lightning
from bakeoff.run.parts.build import build_data, build_net
from bakeoff.run.parts.instantiate import instantiate
from bakeoff.run.read_back import read_config, read_run
from bakeoff.select.drawn import COMPLETE, SHOWCASE
from bakeoff.select.leaderboard import Leaderboard
from bakeoff.showcase.exhibits import write_exhibit
from bakeoff.showcase.gradient_figure import draw_differences
from bakeoff.showcase.projector import Projection, withdraw, write_projection
from bakeoff.store import atomic, record
from bakeoff.store.events import event_folder
from bakeoff.store.inside import inside
from bakeoff.store.record import RunRecord

CHECKED = 4  # images that gradients are checked by: more make kinks of ReLU more likely


def draw_showcase(sweep_dir: Path, board: Leaderboard) -> None:
    """Draw what the task's showcase exhibits of the selected run, of the validation and test splits, and
    the gradient check where a candidate computes its gradients by hand.

    Only for a run whose sealed test is done: the pictures show test data. What an earlier selection or an
    attempt that failed has left is removed first.
    """
    folder = inside(sweep_dir, SHOWCASE)
    shutil.rmtree(folder, ignore_errors=True)
    run_dir = sweep_dir / board.selected_run
    config, data, module = read_run(run_dir, record.read(run_dir))
    # What a task shows, it shows of its nets.
    showcase = None if is_lightning(config) else instantiate(config.task, "showcase")
    if showcase is not None:
        data.setup("test")
        for split, title in (("val", "validation"), ("test", "test")):
            for name, exhibit in showcase.exhibits(module, data, split, config.seed).items():
                write_exhibit(folder / f"{title} {name}".replace(" ", "-"), exhibit)
    if hasattr(showcase, "projection"):
        project(sweep_dir, board, showcase.projection(module, data))
    draw_gradients(sweep_dir, board)
    atomic.write_text(folder / COMPLETE, board.selected_run)


def project(sweep_dir: Path, board: Leaderboard, projection: Projection | None) -> None:
    """Show `projection` in TensorBoard's projector, of the sweep's runs at the selected one only."""
    for run_id in (run_id for candidate in board.candidates for run_id in candidate.runs):
        folder = event_folder(sweep_dir / run_id)
        if projection is None or folder is None:
            continue
        if run_id == board.selected_run:
            write_projection(folder, projection)
        else:
            withdraw(folder, projection.title)


def draw_gradients(sweep_dir: Path, board: Leaderboard) -> None:
    """Draw how far the gradients that a net computes by hand are from autograd's: of the best such
    candidate, with its trained weights, for random images. Draws nothing without such a net.
    """
    found = _by_hand(sweep_dir, board)
    if found is None:
        return
    run_dir, run = found
    config, data, module = read_run(run_dir, run)
    generator = torch.Generator().manual_seed(config.seed)
    _, target = data.splits["val"][:CHECKED]
    # Of random images, a trained net is so unsure that no gradient vanishes in rounding.
    x = torch.randn(len(target), *data.input_shape, generator=generator)
    differences = module.net.gradient_differences(module.loss, x, target, config.seed)
    title = f"{run.candidate}, run {run.id}: hand-written gradients against others, in float64"
    write_exhibit(
        inside(sweep_dir, SHOWCASE) / "gradients-by-hand", draw_differences(differences, title)
    )


def _by_hand(sweep_dir: Path, board: Leaderboard) -> tuple[Path, RunRecord] | None:
    """The first completed run of the best candidate whose net checks its own gradients."""
    tried = set()  # the class of a net decides, whatever its settings
    for run_id in (run_id for candidate in board.candidates for run_id in candidate.runs):
        run = record.read(sweep_dir / run_id)
        if run.status != "completed":
            continue
        config = read_config(sweep_dir / run_id)
        target = config.model.get("_target_")
        if target in tried or is_lightning(config):
            continue
        tried.add(target)
        if hasattr(build_net(config, _data(config)), "gradient_differences"):
            return sweep_dir / run_id, run
    return None


def _data(config: DictConfig) -> pl.LightningDataModule:
    """Data that know the shapes that a net is built for; Lightning's own kind learns them from a batch."""
    data = build_data(config)
    if isinstance(data, Adapted):
        data.setup("validate")
    return data
