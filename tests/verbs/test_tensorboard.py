"""`bakeoff tensorboard`: readable names, live, on this machine only, until Ctrl-C."""

import json
import signal
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from torch.utils.tensorboard import SummaryWriter

from bakeoff.store.record import Metric, RunRecord

PATIENCE_S = 60


def make_run(sweep: Path, id_: str, seed: int) -> None:
    run_dir = sweep / id_
    run_dir.mkdir(parents=True)
    RunRecord(
        id=id_,
        status="running",
        experiment="tiny",
        task="localization",
        candidate="lenet5/deep optimizer.lr=0.003",
        overrides=[],
        seed=seed,
        metric=Metric("performance", "max"),
    ).write(run_dir)
    with SummaryWriter(str(run_dir)) as writer:
        writer.add_scalar("val/performance", 0.5, 1)


def served(address: str, path: str, wanted) -> object:
    """What the server answers, once `wanted` says that it is all there."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            with urlopen(address + path) as answer:
                found = json.load(answer)
        except (URLError, ConnectionError):
            found = None
        if (found is not None and wanted(found)) or time.monotonic() > deadline:
            return found
        time.sleep(0.5)


def test_runs_have_names_that_people_read_and_new_ones_appear(workplace):
    sweep = workplace.folder / "outputs" / "tiny" / "2026-01-01"
    make_run(sweep, "aaaaaaaaaaaa", seed=0)
    process = workplace.start("tensorboard", str(sweep), "--port", "0")
    try:
        lines = [process.stdout.readline() for _ in range(4)]
        [address] = [line.split()[1] for line in lines if line.startswith("TensorBoard")]
        assert address.startswith("http://127.0.0.1:")
        [pinned] = [line for line in lines if line.startswith("charts pinned")]
        assert "val/performance" in pinned
        first = ["lenet5-deep lr=0.003 seed=0"]
        assert served(address, "data/runs", lambda runs: len(runs) == 1) == first
        make_run(sweep, "bbbbbbbbbbbb", seed=1)
        found = served(address, "data/runs", lambda runs: len(runs) == 2)
        assert sorted(found) == [*first, "lenet5-deep lr=0.003 seed=1"]
        plugins = served(address, "data/plugins_listing", lambda _: True)
        assert "projector" not in plugins  # there are no vectors
    finally:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "stopped" in out and "Traceback" not in err


def test_a_folder_without_runs_is_refused(workplace):
    (workplace.folder / "outputs" / "empty").mkdir(parents=True)
    done = workplace.run("tensorboard", "outputs/empty")
    assert done.returncode == 1
    assert "holds no run yet" in done.stderr and "Traceback" not in done.stderr
