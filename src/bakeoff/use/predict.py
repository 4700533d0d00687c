"""`bakeoff predict`: what a trained net says about image files."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image, ImageOps
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text
from torch import Tensor

from bakeoff.errors import BakeoffError
from bakeoff.images import image_files
from bakeoff.images.drawing import PREDICTED, Mark, draw
from bakeoff.images.finding import Finding
from bakeoff.images.letterbox import Letterbox
from bakeoff.store import atomic, paths
from bakeoff.store.printable import printable
from bakeoff.use.predictor import Predictor, load_predictor

RESULTS = "predictions.json"
BATCH = 32  # images held at once; of each, no more than what is shown and what the net sees
SHOWN = 640  # pixels of the longer side of a drawn picture
ENLARGED = 8  # times that a small image is enlarged at most
ROWS = 40  # of the printed table

err = Console(stderr=True)


class Loaded(NamedTuple):
    """A file as the net sees it, (C, H, W) and where the image lies in it, and as it is shown."""

    id: int
    path: Path
    input: Tensor
    place: Letterbox
    shown: Image.Image


class NothingReadError(BakeoffError):
    """No file is an image that can be read."""


def predict(run_dir: Path, places: Sequence[Path], out: Path | None, invert: bool) -> None:
    """Write drawn pictures of image files and their findings in COCO's result format to `out`; print
    a table.

    `places` are files or folders; a file that cannot be read is reported and skipped. Raises
    BakeoffError at the end if there was one; where no file can be read, nothing is written.
    """
    files = image_files.find(places)
    predictor = load_predictor(run_dir)
    if out is not None and any(path.parent.resolve() == out.resolve() for path in files):
        raise BakeoffError(
            f"--out {out} holds images to predict: give another folder for the pictures"
        )
    is_new = out is None or not out.exists()
    if out is None:
        out = paths.new_sweep_dir("predict", datetime.now().strftime("%Y-%m-%d_%H-%M-%S"))
    table = _table(predictor)
    skipped: list[Path] = []
    results = _results(predictor, files, out, invert, table, skipped)
    try:
        atomic.write_with(out / RESULTS, lambda path: _write_list(path, results))
    except OSError as error:
        raise BakeoffError(
            f"cannot write to {out}: {error.strerror}; choose another with --out"
        ) from None
    except NothingReadError:
        if is_new:
            out.rmdir()
        raise
    Console().print(table)
    seen = len(files) - len(skipped)
    if seen > ROWS:
        print(f"and {seen - ROWS:,} more images")
    print(f"pictures and {RESULTS} in {out}")
    if skipped:
        raise BakeoffError(f"{len(skipped)} of {len(files)} files skipped, see above")


def _results(
    predictor: Predictor,
    files: Sequence[Path],
    out: Path,
    invert: bool,
    table: Table,
    skipped: list[Path],
) -> Iterator[dict]:
    """Go through the files by batches: draw, add to the table and yield a COCO result per finding."""
    names = set()
    for image, findings in _findings(predictor, files, invert, skipped):
        name = image.path.stem
        if name in names:  # of another folder, or with another suffix
            name = f"{name}-{image.id}"
        names.add(name)
        picture = _drawn(image, findings, predictor.class_names)
        atomic.write_with(out / f"{name}.png", lambda path, drawn=picture: drawn.save(path, "PNG"))
        if len(table.rows) < ROWS:
            said = [_said(finding, predictor.class_names) for finding in findings]
            table.add_row(Text(printable(str(image.path))), "\n".join(said) or "nothing found")
        for finding in findings:
            yield _coco(image, finding, predictor.class_names)
    if len(skipped) == len(files):
        raise NothingReadError(f"{len(files)} of {len(files)} files skipped, see above")


def _findings(
    predictor: Predictor, files: Sequence[Path], invert: bool, skipped: list[Path]
) -> Iterator[tuple[Loaded, list[Finding]]]:
    """The findings of each file that can be read, with boxes in pixels of its image."""
    starts = range(0, len(files), BATCH)
    for start in track(
        starts, "predicting", console=err, transient=True, disable=not err.is_terminal
    ):
        images = []
        for number, path in enumerate(files[start : start + BATCH], start=start + 1):
            try:
                images.append(_load(number, path, predictor, invert))
            except BakeoffError as error:
                skipped.append(path)
                err.print(
                    f"skipped: {printable(str(error))}",
                    highlight=False,
                    markup=False,
                    soft_wrap=True,
                )
        if not images:
            continue
        found = predictor(torch.stack([image.input for image in images]))
        for image, findings in zip(images, found, strict=True):
            yield image, [_in_image(finding, image.place) for finding in findings]


def _load(number: int, path: Path, predictor: Predictor, invert: bool) -> Loaded:
    image = image_files.read(path)
    longer = max(image.size)
    scale = min(SHOWN / longer, ENLARGED)
    size = tuple(max(1, round(side * scale)) for side in image.size)
    shown = image.resize(size, Image.Resampling.NEAREST if scale > 1 else Image.Resampling.BILINEAR)
    channels, height, width = predictor.input_shape
    mode = "L" if channels == 1 else "RGB"
    # The margin has the training data's mean: after normalization there is nothing to see.
    levels = (predictor.mean.flatten() * 255 / predictor.white).round().int().tolist()
    fill = tuple(levels * (channels // len(levels)))
    image = ImageOps.invert(image.convert(mode)) if invert else image.convert(mode)
    framed, place = predictor.framing(image, (width, height), fill)
    pixels = torch.from_numpy(np.array(framed)).reshape(height, width, channels)
    return Loaded(number, path, pixels.permute(2, 0, 1) * (predictor.white / 255), place, shown)


def _in_image(finding: Finding, place: Letterbox) -> Finding:
    return finding if finding.box is None else replace(finding, box=place.to_image(finding.box))


def _drawn(image: Loaded, findings: Sequence[Finding], names: Sequence[str]) -> Image.Image:
    scale_x, scale_y = (
        shown / true for shown, true in zip(image.shown.size, image.place.size, strict=True)
    )
    marks, caption = [], []
    for finding in findings:
        text = f"{names[finding.label]} {finding.score:.0%}"
        if finding.box is None:
            caption.append((text, PREDICTED))
        else:
            x0, y0, x1, y1 = finding.box
            box = (x0 * scale_x, y0 * scale_y, x1 * scale_x, y1 * scale_y)
            marks.append(Mark(box, PREDICTED, text))
    if not findings:
        caption.append(("nothing found", "white"))
    return draw(np.asarray(image.shown), marks, caption, scale=1)


def _coco(image: Loaded, finding: Finding, names: Sequence[str]) -> dict:
    """As COCO's results, with the names that its annotation file would hold; images count from 1."""
    result = {
        "image_id": image.id,
        "file_name": str(image.path),
        "category_id": finding.label,
        "category": names[finding.label],
        "score": round(finding.score, 6),
    }
    if finding.box is not None:
        x0, y0, x1, y1 = finding.box
        result["bbox"] = [round(value, 3) for value in (x0, y0, x1 - x0, y1 - y0)]
    return result


def _said(finding: Finding, names: Sequence[str]) -> str:
    text = f"{names[finding.label]}  {finding.score:.3f}"
    if finding.box is None:
        return text
    x0, y0, x1, y1 = finding.box
    return f"{text}  at {x0:.1f}, {y0:.1f}  size {x1 - x0:.1f} x {y1 - y0:.1f}"


def _table(predictor: Predictor) -> Table:
    run = predictor.run
    table = Table(
        title=f"{run.task}: {run.candidate}, run {run.id}",
        title_justify="left",
        box=None,
        header_style="bold",
        padding=(0, 2, 0, 0),
    )
    table.add_column("file", overflow="fold")
    table.add_column("class, score, left, top, width, height in pixels")
    return table


def _write_list(path: Path, items: Iterator[dict]) -> None:
    """JSON, item by item: the whole need not fit into memory."""
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        for index, item in enumerate(items):
            file.write(f"{',' if index else ''}\n  {json.dumps(item, allow_nan=False)}")
        file.write("\n]\n")
