"""`bakeoff tensorboard`: readable names, live, on this machine only, until Ctrl-C."""

import json
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
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
    with SummaryWriter(str(run_dir / "a name")) as writer:
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


@pytest.mark.slow
def test_a_browser_shows_names_and_pinned_charts(swept, tmp_path):
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        pytest.skip("needs chromium")
    place, _ = swept
    process = place.start("tensorboard", "tiny/latest", "--port", "0")
    try:
        lines = [process.stdout.readline() for _ in range(4)]
        [pinned] = [line.split()[2] for line in lines if line.startswith("charts pinned")]
        address = pinned.partition("?")[0]
        served(address, "data/runs", lambda runs: len(runs) == 4)
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1500,1100"]
        options += [f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=20000"]
        shown = subprocess.run(
            [browser, *options, "--timeout=60000", "--dump-dom", pinned],
            capture_output=True,
            text=True,
            timeout=240,
        )
        for text in ("lr=0.001 seed=0", "lr=0.01 seed=1", "val/performance", "train/loss"):
            assert text in shown.stdout, text
        picture = tmp_path / "hparams.png"
        subprocess.run(
            [browser, *options, f"--screenshot={picture}", f"{address}#hparams"],
            capture_output=True,
            timeout=240,
        )
        assert picture.stat().st_size > 20_000  # an empty page has 10,000 bytes
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def test_a_folder_without_runs_is_refused(workplace):
    (workplace.folder / "outputs" / "empty").mkdir(parents=True)
    done = workplace.run("tensorboard", "outputs/empty")
    assert done.returncode == 1
    assert "holds no run yet" in done.stderr and "Traceback" not in done.stderr
