"""`bakeoff tensorboard`: readable names, live, on this machine only, until Ctrl-C."""

import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from tests.chromium import chromium
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


@contextmanager
def shown(place, sweep: str) -> Iterator[list[str]]:
    """The words that the running command prints, its address and the one with pinned charts among them."""
    process = place.start("tensorboard", sweep, "--port", "0")
    try:
        yield " ".join(process.stdout.readline() for _ in range(4)).split()
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


TAB = """(() => {
  const tab = all('[role=tab], [mat-tab-link], paper-tab').find(e => e.textContent.includes('%s'));
  if (tab) tab.click();
  return !!tab;
})()"""


@pytest.mark.slow
def test_a_browser_shows_what_people_look_for(swept, tmp_path):
    place, _ = swept
    with shown(place, "tiny/latest") as words, chromium(tmp_path) as page:
        address, pinned = (word for word in words if word.startswith("http"))
        served(address, "data/runs", lambda runs: len(runs) == 4)
        page.open(pinned, 1500, 1100)
        for text in ("lr=0.001seed=0", "lr=0.01seed=1", "val/performance", "train/loss"):
            page.wait(f"text().replace(/\\s/g, '').includes('{text}')")
        page.open("about:blank", 1500, 1100)
        page.open(f"{address}#hparams", 1500, 1100)
        page.wait("text().includes('best performance') && text().includes('optimizer.lr')")
        assert "_target_" not in page.ask("text()")
        page.wait(TAB % "PARALLEL COORDINATES")
        page.wait("all('g.foreground path').length === 4")  # a line for each run
        page.wait(TAB % "SCATTER PLOT")
        page.wait("all('g.cell').length && all('g.cell circle').length % 4 === 0")


@pytest.mark.slow
def test_a_browser_shows_config_graph_and_predictions_by_epoch(swept, tmp_path):
    place, _ = swept
    with shown(place, "tiny/latest") as words, chromium(tmp_path) as page:
        address = next(word for word in words if word.startswith("http"))
        served(address, "data/runs", lambda runs: len(runs) == 4)
        page.open(f"{address}#text", 1500, 1100)
        page.wait("all('td').some(cell => cell.textContent.trim() === 'optimizer.lr')")
        page.open("about:blank", 1500, 1100)
        page.open(f"{address}#graphs", 1500, 1100)
        page.wait("all('g.node').some(node => node.textContent.includes('LeNet5'))")
        page.open("about:blank", 1500, 1100)
        page.open(f"{address}#images", 1500, 1100)
        page.wait("text().includes('worst mistakes') && all('paper-slider').length")
        graphs = served(address, "data/plugin/graphs/info", lambda found: len(found) == 2)
        assert len({name.partition(" seed")[0] for name in graphs}) == 2  # of each candidate one


@pytest.mark.slow
def test_a_browser_shows_the_selected_classifiers_last_layer(workplace, tmp_path):
    fast = ("model=mlp/standard", "model.hidden=[8]", "seed=0,1", "trainer.max_epochs=1")
    done = workplace.run("run", "scratch_vs_autograd", "data_dir=data", *fast)
    assert done.returncode == 0, done.stderr
    with shown(workplace, "latest") as words, chromium(tmp_path) as page:
        address = next(word for word in words if word.startswith("http"))
        page.open(f"{address}#projector", 1500, 1100)
        page.wait("text().includes('Points: 275') && text().includes('penultimate layer')")
        assert len(served(address, "data/plugin/projector/runs", lambda runs: len(runs))) == 1


def test_a_folder_without_runs_is_refused(workplace):
    (workplace.folder / "outputs" / "empty").mkdir(parents=True)
    done = workplace.run("tensorboard", "outputs/empty")
    assert done.returncode == 1
    assert "holds no run yet" in done.stderr and "Traceback" not in done.stderr
