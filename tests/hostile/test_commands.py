"""Commands on folders and files of a stranger's: each is answered in words, in time, and does nothing else.

The process is watched from its first line (`watch/sitecustomize.py`): it writes in the folders where it
should, starts no other process and makes no connection.
"""

import json
import os
import pickle
import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from PIL import Image
from tests.conftest import Workplace
from tests.faults.place import SMALL
from tests.hostile.observed import observe
from tests.hostile.test_places import BOMBS, Runs, png

pytestmark = pytest.mark.slow

ELSEWHERE = "elsewhere"  # beside the sweep: nothing in it is read or written
MARK = "planted-51c0de"  # in a file there


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    """A finished sweep of one run, which its user made in another home."""
    place = Workplace(tmp_path_factory.mktemp("made"))
    (place.folder / "experiments" / "small.yaml").write_text(SMALL)
    done = place.run("run", "small", "seed=0", "optimizer.lr=1e-3", "trainer.max_epochs=1")
    assert done.returncode == 0, done.stderr
    [folder] = (place.folder / "outputs" / "small").glob("2*")
    return folder


def fifo(path):
    gone(path)
    os.mkfifo(path)


def endless(path):
    gone(path)
    path.symlink_to("/dev/zero")


def huge(path):
    path.unlink(missing_ok=True)
    with path.open("wb") as file:
        file.truncate(1 << 40)


def linked(path):
    """The file, moved away, with a link in its place."""
    target = _elsewhere(path) / path.name
    shutil.move(path, target)
    path.symlink_to(target)


def pickled(path):
    gone(path)
    path.write_bytes(pickle.dumps(Runs(str(_elsewhere(path) / "made"))))


def bomb(path):
    path.write_text(BOMBS["aliases"])


def gone(path):
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def _elsewhere(path):
    return next(folder for folder in path.parents if folder.name == "outputs").parent / ELSEWHERE


def edited(change):
    """Change the content of a JSON file."""

    def edit(path):
        content = json.loads(path.read_text())
        change(content)
        path.write_text(json.dumps(content))

    return edit


def checkpoint_at(place):
    return edited(lambda content: content["checkpoint"].update(path=place))


def selected(run):
    return edited(lambda content: content.update(selected_run=run))


def of_runs(run):
    return edited(lambda content: [row.update(runs=[run]) for row in content["candidates"]])


RECORD, CONFIG, WEIGHTS = "RUN/run.json", "RUN/.hydra/config.yaml", "RUN/checkpoints/best.ckpt"
BOARD, PLAN, LEDGER = "leaderboard.json", "plan.json", "test_ledger.jsonl"
LOCK = ".sealed_test.lock"
FILES = (RECORD, CONFIG, WEIGHTS, BOARD, PLAN, LEDGER)
READ = list(product(FILES, (fifo, endless, huge, linked, pickled)))
MORE = [
    (CONFIG, bomb), ("best", linked), ("showcase", linked), ("RUN", linked), ("RUN/.hydra", linked),
    ("RUN/checkpoints", linked), (LOCK, linked), ("RUN/curves.json", fifo),
    ("RUN/curves.json", huge), ("report.html", linked), ("leaderboard.csv", linked),
    (RECORD, checkpoint_at("/etc/passwd")), (RECORD, checkpoint_at("../../../elsewhere/x.ckpt")),
    (BOARD, selected("../../../elsewhere")), (BOARD, selected("/etc")), (BOARD, of_runs("../../x")),
]  # fmt: skip
COMMANDS = {
    "list": ["list"],
    "show": ["show", "SWEEP"],
    "report": ["report", "SWEEP"],
    "predict": ["predict", "SWEEP/RUN", "image.png", "--out", "out"],
}


def test_no_file_of_a_sweep_leads_a_command_astray(tmp_path, sweep):
    [run] = [path.parent.name for path in sweep.glob("*/run.json")]
    cases, before = {}, {}
    for number, (file, change) in enumerate([*READ, *MORE]):
        place = tmp_path / "places" / str(number)
        copy = place / "outputs" / "small" / "S"
        shutil.copytree(sweep, copy, symlinks=True)
        (place / ELSEWHERE).mkdir()
        (place / ELSEWHERE / "x.ckpt").write_text(MARK)
        Image.new("L", (28, 28)).save(place / "image.png")
        change(copy / file.replace("RUN", run))
        before[place] = _content(place / ELSEWHERE)
        own = {"test": ["test", "SWEEP"]} if file == LOCK else COMMANDS
        for name, words in own.items():
            given = [word.replace("SWEEP", "outputs/small/S").replace("RUN", run) for word in words]
            cases[f"{number} {file} {getattr(change, '__name__', '')}: {name}"] = place, given
    found = observe(tmp_path / "watched", cases)
    wrong = {name: answer for name, answer in found.answers.items() if answer.status not in (0, 1)}
    assert wrong == {}
    homes = [tmp_path / "watched", *(p / name for p in before for name in ("outputs", "out"))]
    assert set(found.outside(*homes)) == set()
    for place, content in before.items():
        assert _content(place / ELSEWHERE) == content
        assert MARK not in "".join(
            path.read_text(errors="replace") for path in place.glob("outputs/*/*/report.*")
        )


def _content(folder: Path) -> dict[str, bytes | int]:
    return {
        str(path): path.stat().st_size if path.stat().st_size > 1 << 30 else path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


BAD_IMAGES = {
    "bomb.png": lambda path: path.write_bytes(png(1, 170_000_000)),
    "square.png": lambda path: path.write_bytes(png(2**31 - 1, 2**31 - 1)),
    "short.png": lambda path: path.write_bytes(png(28, 28)),
    "empty.png": lambda path: path.write_bytes(b""),
    "pickle.png": lambda path: path.write_bytes(pickle.dumps(Runs(str(path.parent / "made")))),
    "text.jpg": lambda path: path.write_text("<script>alert(1)</script>"),
    "fifo.png": os.mkfifo,
    "folder.png": os.mkdir,
    "device.png": lambda path: path.symlink_to("/dev/zero"),
    "loop.png": lambda path: path.symlink_to(path),
    "nowhere.png": lambda path: path.symlink_to("/no/such/file"),
    "huge.png": huge,
    "\x1b]0;title\x07.png": lambda path: path.write_bytes(b"no image"),
    "<script>.png": lambda path: path.write_bytes(b"no image"),
}


def test_one_bad_image_costs_no_other(tmp_path, sweep):
    [run] = sweep.glob("*/run.json")
    place = tmp_path / "place"
    (place / "images").mkdir(parents=True)
    good = ["a.png", "z.png", "=HYPERLINK().png", "\x1b[31mred.png"]
    for name in good:
        Image.new("L", (28, 28)).save(place / "images" / name)
    for name, make in BAD_IMAGES.items():
        make(place / "images" / name)
    words = ["predict", str(run.parent), "images", "--out", "out"]
    found = observe(tmp_path / "watched", {"predict": (place, words)})
    answer = found.answers["predict"]
    assert answer.status == 1
    assert f"{len(BAD_IMAGES)} of {len(BAD_IMAGES) + len(good)} files skipped" in answer.printed
    assert "\x1b" not in answer.printed
    results = json.loads((place / "out" / "predictions.json").read_text())
    assert {Path(one["file_name"]).name for one in results} == set(good)
    assert set(found.outside(tmp_path / "watched", place / "out")) == set()


BAD_CONFIGS = {
    "aliases": BOMBS["aliases"],
    "mappings": BOMBS["mappings"],
    "deep": "a: " + "[" * 5000,
    "itself": "a: &a [*a]",
    "object": "a: !!python/object/apply:os.system [touch made]",
    "name": "a: !!python/name:os.system",
    "module": "a: !!python/module:antigravity",
    "bytes": "a: \x00\x01",
    "list": "[1, 2]",
}


def test_no_config_is_read_that_is_none(tmp_path):
    place = tmp_path / "place"
    (place / "experiments").mkdir(parents=True)
    (place / "conf" / "model").mkdir(parents=True)
    cases = {}
    for name, text in BAD_CONFIGS.items():
        (place / "experiments" / f"{name}.yaml").write_text(text)
        (place / "conf" / "model" / f"{name}.yaml").write_text(text)
        cases |= {
            f"{name}: run --dry-run": (place, ["run", name, "--dry-run"]),
            f"{name}: check": (place, ["check", name]),
            f"{name}: train": (place, ["train", "--config-name", name]),
            f"{name}: model": (
                place,
                ["check", "localization", "--config-dir", "conf", f"model={name}"],
            ),
        }
    found = observe(tmp_path / "watched", cases)
    assert {name: a for name, a in found.answers.items() if a.status != 1} == {}
    assert all(
        "too large" in a.printed
        for name, a in found.answers.items()
        if name.startswith(("aliases", "mappings"))
    )
    assert set(found.outside(tmp_path / "watched")) == set()


def test_the_watch_sees_what_is_done(tmp_path):
    """A process that does what none of the others may."""
    deeds = tmp_path / "deeds"
    code = (
        "import os, pathlib, socket, subprocess\n"
        "pathlib.Path('written').write_text('x')\n"
        "os.rename('written', 'moved')\n"
        "subprocess.run(['true'])\n"
        "os.system('true')\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(server.getsockname())\n"
    )
    environment = os.environ | {
        "BAKEOFF_WATCHED": str(deeds),
        "PYTHONPATH": str(Path(__file__).parent / "watch"),
    }
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True)
    seen = [json.loads(line) for line in deeds.read_text().splitlines()]
    assert ["write", str(tmp_path / "written")] in seen
    assert ["write", str(tmp_path / "moved")] in seen
    assert {"subprocess.Popen", "os.system"} <= {w.split()[0] for k, w in seen if k == "process"}
    assert {"socket.bind", "socket.connect"} <= {w.split()[0] for k, w in seen if k == "connection"}
