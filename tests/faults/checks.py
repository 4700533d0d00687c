"""What must hold of a sweep that a fault has struck."""

import json
from pathlib import Path
from typing import Any

import torch
from tests.faults.place import Place

from bakeoff import cli
from bakeoff.select.ledger import read_ledger
from bakeoff.store import plan_file, record
from bakeoff.store.digest import file_digest

ROW = ("name", "rank", "mean", "std", "ci95", "n", "runs", "status_counts", "tied_with_best")


def results(sweep: Path, with_weights: bool = True) -> dict[str, Any]:
    """Every number that a sweep has found: of each run, its best weights, the leaderboard, the test."""
    board = json.loads((sweep / "leaderboard.json").read_text())
    runs = {}
    for run in record.read_all(sweep):
        runs[run.id] = [run.status, run.metric, run.metrics, run.epochs, run.seed]
        if with_weights:
            runs[run.id].append(weights(sweep / run.id))
    rows = [{key: row[key] for key in ROW} for row in board["candidates"]]
    kept = {key: board[key] for key in ("selected", "selected_run", "sealed_test", "problems")}
    assert file_digest(sweep / "best" / "weights.ckpt") == (
        record.read(sweep / board["selected_run"]).checkpoint.sha256
    )
    return {"runs": runs, "rows": rows, **kept}


def weights(run_dir: Path) -> dict[str, list[Any]]:
    """The best weights of a run, by name."""
    path = run_dir / record.read(run_dir).checkpoint.path
    content = torch.load(path, weights_only=True)
    return {name: value.tolist() for name, value in content["state_dict"].items()}


def intact(sweep: Path) -> dict[str, str]:
    """The digests of what the completed runs of a sweep have left."""
    found = {}
    for path in sweep.glob("*/run.json"):
        run = record.read(path.parent)
        if run.status == "completed":
            found[str(path)] = file_digest(path)
            checkpoint = path.parent / run.checkpoint.path
            found[str(checkpoint)] = file_digest(checkpoint)
            assert found[str(checkpoint)] == run.checkpoint.sha256
    return found


def half_written(sweep: Path) -> list[str]:
    """What processes that were killed have left."""
    return [str(path) for path in sweep.rglob("*.unfinished")]


def check_whole(
    place: Place,
    reference: dict[str, Any],
    openings: int | None = 1,
    sweep: Path | None = None,
) -> None:
    """The sweep, of several the given one, is done, with the numbers of one that nothing has struck.

    `openings` of the test set are known, unless None: a selection among other runs may have come before.
    """
    sweep = sweep or place.sweep
    assert results(sweep) == reference
    assert half_written(sweep) == []
    assert len(plan_file.read(sweep).jobs) == len(reference["runs"])
    events = [line["event"] for line in read_ledger(sweep) if line["event"] != "training"]
    assert openings is None or events == ["opening"] * openings + ["result"]
    assert events[-1] == "result"
    assert (sweep / "report.html").is_file() and (sweep / "best" / "command.txt").is_file()


def check_truth(place: Place) -> None:
    """Of a sweep that was struck, nothing claims a winner before all its runs have ended."""
    for sweep in place.sweeps:
        if not (sweep / "leaderboard.json").exists():
            continue
        board = json.loads((sweep / "leaderboard.json").read_text())
        ended = {run.id for run in record.read_all(sweep) if run.status in record.ENDED}
        if {job.id for job in plan_file.read(sweep).jobs} - ended:
            assert board["selected"] is None and board["sealed_test"] is None


def answer(capsys, *arguments: str) -> tuple[int, str]:
    """The status of a command, and what it said; every exception that is no answer is raised."""
    try:
        cli.main(list(arguments))
        status = 0
    except SystemExit as ended:
        status = ended.code
    said = capsys.readouterr()
    return status, said.out + said.err
