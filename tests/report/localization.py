"""A sweep on disk as a run of localization leaves it, with a failed and a diverged run."""

import json
import math
import statistics
from pathlib import Path

from PIL import Image
from scipy import stats

from bakeoff.select import ledger
from bakeoff.store import atomic
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


def change(folder: Path, edit) -> dict:
    """Let `edit` change the leaderboard in place."""
    board = json.loads((folder / "leaderboard.json").read_text())
    edit(board)
    (folder / "leaderboard.json").write_text(json.dumps(board))  # NaN included, as others write it
    return board


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
