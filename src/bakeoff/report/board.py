"""TensorBoard on a sweep, its runs under names that people read."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from bakeoff.errors import BakeoffError
from bakeoff.showcase.projector import PROJECTOR_FILE
from bakeoff.store import paths, record
from bakeoff.store.events import event_folder
from bakeoff.sweep.launch.run_names import run_names

HOST = "127.0.0.1"
RENEWAL_S = 2.0
RELOAD_S = 5
# TensorBoard keeps few of what its sliders step through, unless told: one per epoch here.
SAMPLES = "images=200,text=200,histograms=200,pr_curves=200"


def show_board(sweep: Path, port: int | None, say: Callable[[str, str], None]) -> None:
    """Serve the curves of a sweep or a run until KeyboardInterrupt; `say` gets the address, and what to
    append to it so that the most important charts are pinned.

    TensorBoard reads a temporary folder of links to the runs' directories. New runs are linked while it
    runs. `port` None takes a free one, 6006 where it is free. Raises BakeoffError where there is nothing
    to show or the port is taken.
    """
    if not run_names(sweep):
        raise BakeoffError(
            f"{sweep} holds no run yet: give the folder of a sweep or a run: {paths.SWEEP_FORMS}"
        )
    with TemporaryDirectory(prefix="bakeoff-tensorboard-") as folder:
        links = Path(folder)
        link_runs(sweep, links)
        say(_launch(links, port), pins(sweep))
        while True:
            time.sleep(RENEWAL_S)
            link_runs(sweep, links)


def link_runs(sweep: Path, links: Path) -> None:
    """Let `links` hold a link to the events of each run that has some, under the run's name."""
    for run_dir, name in run_names(sweep).items():
        link = links / name
        if link.is_symlink():
            continue
        events = event_folder(run_dir)
        if events is not None:
            link.symlink_to(events.resolve(), target_is_directory=True)


def pins(sweep: Path) -> str:
    """The part of the address that pins the validation metric and the losses above all other charts."""
    run = next(iter(sorted(sweep.rglob(record.FILE_NAME))), None)
    if run is None:
        return ""
    metric = record.read(run.parent).metric.name
    tags = dict.fromkeys((f"val/{metric}", "val/loss", "train/loss"))
    cards = json.dumps([{"plugin": "scalars", "tag": tag} for tag in tags], separators=(",", ":"))
    return f"?pinnedCards={quote(cards)}&smoothing=0#timeseries"


def _launch(links: Path, port: int | None) -> str:
    """Start TensorBoard in a thread of its own; its address."""
    from tensorboard import default, program

    plugins = [plugin for plugin in default.get_plugins() if not _is_idle(plugin, links)]
    board = program.TensorBoard(plugins=plugins)
    options = {
        "logdir": str(links),
        "host": HOST,
        "reload_interval": str(RELOAD_S),
        "samples_per_plugin": SAMPLES,
        "window_title": "bakeoff",
        "load_fast": "true" if _reads_fast() else "false",  # auto does the same and prints a note
    } | ({} if port is None else {"port": str(port)})
    board.configure(["tensorboard", *(f"--{key}={value}" for key, value in options.items())])
    try:
        return board.launch()
    except program.TensorBoardServerException as error:
        raise BakeoffError(f"TensorBoard does not start: {error}; choose another --port") from None


def _reads_fast() -> bool:
    """Whether TensorBoard's fast reader runs on this machine."""
    try:
        import tensorboard_data_server
    except ImportError:
        return False
    return tensorboard_data_server.server_binary() is not None


def _is_idle(plugin: Any, links: Path) -> bool:
    """Whether a plugin is the projector without vectors, which would only say that it found none."""
    return getattr(plugin, "plugin_name", "") == "projector" and not any(
        links.glob(f"*/{PROJECTOR_FILE}")
    )
