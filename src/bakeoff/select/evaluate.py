"""The sealed test: the selected run, on test data, once; and its pictures."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from omegaconf import DictConfig

from bakeoff.errors import BakeoffError
from bakeoff.nets.scratch.gradient_check import gradient_differences
from bakeoff.nets.scratch.sequential import Sequential
from bakeoff.run.build import build_data, build_module, build_net, instantiate
from bakeoff.run.fit import finite, quiet_lightning
from bakeoff.run.supervised import Supervised
from bakeoff.select.leaderboard import Leaderboard
from bakeoff.showcase.exhibits import write_exhibit
from bakeoff.showcase.gradient_figure import draw_differences
from bakeoff.store import atomic, record
from bakeoff.store.checkpoint import checkpoint
from bakeoff.store.record import RunRecord
from bakeoff.sweep.commands import rebuild_command
from bakeoff.text.corpus import TOKENIZER
from bakeoff.use.predictor import read_config

LEDGER = "test_ledger.jsonl"
SHOWCASE, BEST = "showcase", "best"
CHECKED = 4  # images that gradients are checked by: more make kinks of ReLU more likely


def read_ledger(sweep_dir: Path) -> list[dict[str, Any]]:
    """Every opening of the test set by this sweep. Raises BakeoffError where the file is damaged."""
    path = sweep_dir / LEDGER
    if not path.exists():
        return []
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    except json.JSONDecodeError as error:
        raise BakeoffError(f"{path} is damaged ({error}): it must not be edited") from None


def sealed_result(sweep_dir: Path, board: Leaderboard) -> dict[str, Any] | None:
    """What the ledger has of the selected run; None where the test set has not been opened for it."""
    found = [line for line in read_ledger(sweep_dir) if line["run"] == board.selected_run]
    return found[-1]["result"] if found else None


def sealed_test(sweep_dir: Path, board: Leaderboard) -> None:
    """Evaluate the selected run on test data and enter it in the ledger, if that is not done.

    Fills `board.sealed_test`, and draws the showcase. Raises BakeoffError where no run is selected, or
    where the checkpoint is not the one that the record speaks of.
    """
    if board.selected_run is None:
        raise BakeoffError(f"{sweep_dir}: no run completed, so there is none to test")
    board.sealed_test = sealed_result(sweep_dir, board)
    if board.sealed_test is not None:
        return
    run_dir = sweep_dir / board.selected_run
    run = record.read(run_dir)
    config, data, module = load_run(run_dir, run)
    with quiet_lightning():
        trainer = instantiate(
            config,
            "trainer",
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
        )
        trainer.test(module, datamodule=data, verbose=False)
    result = {
        name.removeprefix("test/"): finite(value)
        for name, value in trainer.callback_metrics.items()
    }
    entry = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "run": run.id,
        "candidate": run.candidate,
        "seed": run.seed,
        "checkpoint_sha256": run.checkpoint.sha256,
        "data_fingerprint": data.fingerprint,
        "result": result,
    }
    atomic.append_line(sweep_dir / LEDGER, json.dumps(entry))
    board.sealed_test = result
    draw_showcase(sweep_dir, config, data, module)
    draw_gradients(sweep_dir, board)


def load_run(
    run_dir: Path, run: RunRecord
) -> tuple[DictConfig, pl.LightningDataModule, Supervised]:
    """A finished run's config, its data module, set up for training, and its best weights."""
    state = checkpoint(run_dir, run)["state_dict"]
    config = read_config(run_dir)
    torch.set_num_threads(config.threads)
    data = build_data(config)
    data.setup("fit")
    module = build_module(config, data)
    module.load_state_dict(state)
    return config, data, module.eval()


def draw_showcase(
    sweep_dir: Path, config: DictConfig, data: pl.LightningDataModule, module: Supervised
) -> None:
    """Pictures and tables of the validation and test splits in `showcase/`; nothing for a task without
    a showcase.
    """
    showcase = instantiate(config.task, "showcase")
    if showcase is None:
        return
    data.setup("test")
    for split, title in (("val", "validation"), ("test", "test")):
        for name, exhibit in showcase.exhibits(module, data, split, config.seed).items():
            path = sweep_dir / SHOWCASE / f"{title} {name}".replace(" ", "-")
            write_exhibit(path, exhibit)


def draw_gradients(sweep_dir: Path, board: Leaderboard) -> None:
    """A picture in `showcase/` of how far the gradients of a net without autograd are from autograd's:
    of the best such candidate, with its trained weights, for random images; none without such a net.
    """
    found = _without_autograd(sweep_dir, board)
    if found is None:
        return
    run_dir, run = found
    config, data, module = load_run(run_dir, run)
    generator = torch.Generator().manual_seed(config.seed)
    _, target = data.splits["val"][:CHECKED]
    # Of random images, a trained net is so unsure that no gradient vanishes in rounding.
    x = torch.randn(len(target), *data.input_shape, generator=generator)
    differences = gradient_differences(module.net, module.loss, x, target, config.seed)
    title = f"{run.candidate}, run {run.id}: hand-written gradients against others, in float64"
    picture = draw_differences(differences, title)
    path = sweep_dir / SHOWCASE / "gradients-by-hand.png"
    atomic.write_with(path, lambda file: picture.save(file, "PNG"))


def _without_autograd(sweep_dir: Path, board: Leaderboard) -> tuple[Path, RunRecord] | None:
    """The first completed run of the best candidate that is a net written by hand."""
    tried = set()  # a class of nets is either, whatever its settings
    for run_id in (run_id for candidate in board.candidates for run_id in candidate.runs):
        run = record.read(sweep_dir / run_id)
        if run.status != "completed":
            continue
        config = read_config(sweep_dir / run_id)
        target = config.model.get("_target_")
        if target in tried:
            continue
        tried.add(target)
        if isinstance(build_net(config, instantiate(config, "data")), Sequential):
            return sweep_dir / run_id, run
    return None


def keep_best(sweep_dir: Path, board: Leaderboard) -> None:
    """Copy the selected run's config and weights to `best/`, with the command that trains it again."""
    if board.selected_run is None:
        return
    run_dir, best = sweep_dir / board.selected_run, sweep_dir / BEST
    best.mkdir(exist_ok=True)
    run = record.read(run_dir)
    for source, name in (
        (run_dir / run.checkpoint.path, "weights.ckpt"),
        (run_dir / ".hydra" / "config.yaml", "config.yaml"),
        *((path, path.name) for path in [run_dir / TOKENIZER] if path.is_file()),
    ):
        atomic.write_with(best / name, lambda file, source=source: shutil.copyfile(source, file))
    atomic.write_text(best / "command.txt", rebuild_command(run_dir, run) + "\n")
