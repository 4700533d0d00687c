"""Everything that reads a file of anybody's, with whole files to damage."""

import io
import json
import struct
import tarfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from PIL import Image

from bakeoff.errors import BakeoffError
from bakeoff.gate.gate import allowed_only
from bakeoff.images import image_files
from bakeoff.images.digits import read_idx
from bakeoff.select.leaderboard import Leaderboard
from bakeoff.select.ledger import LEDGER, enter, read_ledger
from bakeoff.select.ranking import select
from bakeoff.store import curves_file, plan_file, record
from bakeoff.store.checkpoint import checkpoint
from bakeoff.store.digest import file_digest
from bakeoff.store.first_comment import first_sentence
from bakeoff.store.plan_file import PlanFile, PlannedJob
from bakeoff.store.record import Checkpoint, Metric, RunRecord
from bakeoff.store.run_progress import RunProgress
from bakeoff.store.schema import fitted, read_json
from bakeoff.store.yaml_file import read_yaml
from bakeoff.sweep.compose.compose import Composer, config_loader
from bakeoff.tasks.classification.file_tree import open_tree
from bakeoff.text.document import Document
from bakeoff.text.licence import without_licence
from bakeoff.text.tokenizer import word_tokenizer
from bakeoff.text.word_vectors import TOKENIZER, load_tokenizer


@dataclass(frozen=True)
class Reader:
    """`read` gets the path of a file called `name`; `wholes` are contents that it takes."""

    name: str
    read: Callable[[Path], object]
    wholes: Callable[[], list[bytes]]


def _record() -> RunRecord:
    return RunRecord("a", "completed", "e", "t", "c", ["x=1"], 0, Metric("accuracy", "max", 0.5, 1))


def _plan() -> PlanFile:
    job = PlannedJob(
        number=0, id="a", candidate="c", candidate_id="d", seed=0, overrides=["x=1"], config="a: 1"
    )
    return PlanFile(
        experiment="e",
        config_name="config",
        config_dir=None,
        search_path=[],
        overrides=[],
        jobs=[job],
    )


def _json(value: object) -> list[bytes]:
    return [json.dumps(value).encode()]


def _leaderboard(path: Path) -> object:
    return fitted(Leaderboard, read_json(path, "mend it"), str(path), "a leaderboard")


def _checkpoint(path: Path) -> object:
    run = _record()
    run.checkpoint = Checkpoint(path.name, file_digest(path))
    return checkpoint(path.parent, run)


def _text(path: Path) -> object:
    whole = Document.of_file(path, None)
    parts = [whole, *whole.cut([0.5, 0.5]), *without_licence(whole)]
    return [block for part in parts for block in part.blocks()]


def _config(path: Path) -> object:
    return allowed_only(read_yaml(path, (), "mend it"), "here")


def _composed(path: Path) -> object:
    with config_loader(path.parent) as loader:
        composer = Composer(loader, path.stem, [])
        return composer.parse(["a=1"]), composer.search_path()


def _saved(write: Callable[[io.BytesIO], object]) -> bytes:
    buffer = io.BytesIO()
    write(buffer)
    return buffer.getvalue()


def _images() -> list[bytes]:
    image = Image.linear_gradient("L").resize((16, 16))
    modes = [image, image.convert("RGBA"), image.convert("P"), image.convert("I;16")]
    pngs = [_saved(lambda file, one=one: one.save(file, "PNG")) for one in modes]
    return [*pngs, _saved(lambda file: image.convert("RGB").save(file, "JPEG"))]


def _tars() -> list[bytes]:
    def pack(file: io.BytesIO, mode: str, form: int) -> None:
        with tarfile.open(fileobj=file, mode=mode, format=form) as archive:
            for name in ("cat/1.png", "dog/" + "x" * 120 + ".png"):
                member = tarfile.TarInfo(name)
                member.size = 3
                archive.addfile(member, io.BytesIO(b"abc"))

    forms = (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT)
    return [
        _saved(lambda file, mode=mode, form=form: pack(file, mode, form))
        for mode in ("w", "w:gz")
        for form in forms
    ]


def _tree(path: Path) -> object:
    return list(open_tree(path).contents())


def _ledgers() -> list[bytes]:
    with TemporaryDirectory() as folder:
        enter(Path(folder), "opening", {"run": "a"})
        return [Path(folder, LEDGER).read_bytes()]


CONFIG = (
    b"# Which net?\nmodel: &m {_target_: torch.nn.ReLU, inplace: true}\nb: {x: *m, y: '${model}'}\n"
)
READERS = {
    "run.json": Reader(
        record.FILE_NAME, lambda path: record.read(path.parent), lambda: _json(asdict(_record()))
    ),
    "plan.json": Reader(
        plan_file.FILE_NAME,
        lambda path: plan_file.read(path.parent),
        lambda: _json(asdict(_plan())),
    ),
    "leaderboard.json": Reader(
        "leaderboard.json", _leaderboard, lambda: _json(asdict(select([_record()])))
    ),
    "ledger": Reader(LEDGER, lambda path: read_ledger(path.parent), _ledgers),
    "curves.json": Reader(
        curves_file.FILE_NAME,
        lambda path: curves_file.read(path.parent),
        lambda: _json({"val/loss": [[0, 1.0], [1, None]]}),
    ),
    "progress": Reader(
        "progress.json",
        lambda path: RunProgress.read(path.parent),
        lambda: _json({"epochs": 1.5, "samples_per_second": None, "seconds_left": 3.0}),
    ),
    "config of a run": Reader("config.yaml", _config, lambda: [CONFIG]),
    "config that Hydra reads": Reader("own.yaml", _composed, lambda: [CONFIG]),
    "comment": Reader("own.yaml", first_sentence, lambda: [CONFIG]),
    "image": Reader("x.png", image_files.read, _images),
    "IDX": Reader(
        "x-idx1-ubyte",
        lambda path: read_idx(path, 1),
        lambda: [bytes([0, 0, 8, 1]) + struct.pack(">I", 3) + b"abc"],
    ),
    "text": Reader(
        "x.txt",
        _text,
        lambda: [
            "*** START OF THE PROJECT GUTENBERG EBOOK X ***\nA caf\u00e9.\n*** END OF THE PROJECT "
            "GUTENBERG EBOOK X ***\n".encode(encoding)
            for encoding in ("utf-8", "utf-16", "latin-1")
        ],
    ),
    "tokenizer": Reader(
        TOKENIZER,
        lambda path: load_tokenizer(path.parent).encode("the cat"),
        lambda: [word_tokenizer(["the", "cat"]).to_str().encode()],
    ),
    "archive": Reader("x.tar", _tree, _tars),
    "checkpoint": Reader(
        "x.ckpt",
        _checkpoint,
        lambda: [_saved(lambda file: torch.save({"state_dict": {"a": torch.ones(2)}}, file))],
    ),
}


@cache
def wholes(kind: str) -> list[bytes]:
    """Contents that the reader takes."""
    return READERS[kind].wholes()


def refusal(kind: str, content: bytes, folder: Path) -> str | None:
    """What a reader says of a file with this content in `folder`; None where it takes it. Raises whatever
    else the reader raises.
    """
    path = folder / READERS[kind].name
    path.write_bytes(content)
    try:
        READERS[kind].read(path)
    except BakeoffError as error:
        return str(error)
    return None
